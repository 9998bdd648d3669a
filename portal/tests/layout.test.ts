import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

const source = join(import.meta.dirname, "../src");

/** A feature may import the features before it, so that nobody has to follow circles. */
const order = [
  ...["kit", "discovery", "credentials", "uia", "sessions", "custody", "recovery"],
  ...["accounts", "encryption", "rooms"],
];

function featureOf(path: string): number {
  return order.indexOf(relative(source, path).split("/")[0] ?? "");
}

it("imports point one way", () => {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(source, path));
  const wrong = files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const imported = [...text.matchAll(/from "(\.[^"]+)"/g)].map((match) => match[1] ?? "");
    return imported
      .filter((name) => !name.endsWith(".json"))
      .map((name) => resolve(dirname(file), name))
      .filter((target) => featureOf(file) >= 0 && featureOf(target) > featureOf(file))
      .map((target) => `${relative(source, file)} → ${relative(source, target)}`);
  });
  expect(wrong).toEqual([]);
});
