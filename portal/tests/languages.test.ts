import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { languages } from "../src/kit/i18n.ts";

const source = join(import.meta.dirname, "../src");
const plural = /_(zero|one|two|few|many|other)$/;

function catalogue(language: string): Record<string, string> {
  return JSON.parse(readFileSync(join(source, "languages", `${language}.json`), "utf8"));
}

function singularKeys(texts: Record<string, string>): string[] {
  return [...new Set(Object.keys(texts).map((key) => key.replace(plural, "")))].sort();
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? "").sort();
}

/** The placeholders of a text in any of its forms: "this session" may do without the number. */
function placeholdersOf(texts: Record<string, string>, key: string): string[] {
  const forms = Object.entries(texts).filter(([name]) => name.replace(plural, "") === key);
  return [...new Set(forms.flatMap(([, text]) => placeholders(text)))].sort();
}

function sources(): { path: string; text: string }[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(source, path), "utf8") }));
}

const english = catalogue("en");

describe.each(languages)("the catalogue %s", (language) => {
  const texts = catalogue(language);

  it("has the texts that English has, and no others", () => {
    expect(singularKeys(texts)).toEqual(singularKeys(english));
  });

  it("fills the same placeholders", () => {
    for (const key of singularKeys(english)) {
      expect(placeholdersOf(texts, key), key).toEqual(placeholdersOf(english, key));
    }
  });

  it("has every plural form of its language", () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const counted = Object.keys(english).filter((key) => key.endsWith("_other"));
    const wanted = counted.flatMap((key) => forms.map((form) => key.replace(/other$/, form)));
    expect(
      Object.keys(texts)
        .filter((key) => plural.test(key))
        .sort(),
    ).toEqual(wanted.sort());
  });

  it("leaves no text empty", () => {
    expect(Object.entries(texts).filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});

describe("the texts", () => {
  const all = sources();

  it("are all used", () => {
    const code = all.map((file) => file.text).join("\n");
    const used = (key: string) => code.includes(`"${key}"`);
    expect(singularKeys(english).filter((key) => !used(key))).toEqual([]);
  });

  it("are never written into the code", () => {
    // The linter finds text between tags; this finds it in the properties that people get to see.
    const visible = /\b(label|title|hint|alt|placeholder|aria-label)=(?:"[^"]+"|\{"[^"]+"\})/;
    const found = all.filter((file) => visible.test(file.text)).map((file) => file.path);
    expect(found).toEqual([]);
  });
});
