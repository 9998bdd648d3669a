import i18next from "i18next";
import { useCallback, useSyncExternalStore } from "react";
import english from "../languages/en.json";
import { readStored, writeStored } from "./storage.ts";

export const languages = ["en", "de", "fr", "es"] as const;
export type Language = (typeof languages)[number];

/** Each language in its own words, for the language selector. */
export const languageNames: Record<Language, string> = {
  en: "English",
  de: "Deutsch",
  fr: "Français",
  es: "Español",
};

type Singular<K> = K extends `${infer Base}_${"one" | "many" | "other"}` ? Base : K;
/** Every text of the portal; a text with plural forms goes by its name without the suffix. */
export type TextKey = Singular<keyof typeof english>;
export type TextValues = Record<string, string | number>;
export type Translate = (key: TextKey, values?: TextValues) => string;

const storageKey = "holdfast.language";

const catalogues: Record<Exclude<Language, "en">, () => Promise<{ default: object }>> = {
  de: () => import("../languages/de.json"),
  fr: () => import("../languages/fr.json"),
  es: () => import("../languages/es.json"),
};

function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value);
}

/** The stored choice, else the first language of the browser that the portal speaks. */
export function preferredLanguage(wanted: readonly string[] = navigator.languages): Language {
  const stored = readStored<string>(storageKey);
  if (isLanguage(stored)) return stored;
  return wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? "en";
}

async function load(language: Language): Promise<void> {
  if (language === "en" || i18next.hasResourceBundle(language, "translation")) return;
  const catalogue = await catalogues[language]();
  i18next.addResourceBundle(language, "translation", catalogue.default);
}

async function show(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Readies the texts; call once, before anything is rendered. */
export async function startLanguages(): Promise<void> {
  await i18next.init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: english } },
    keySeparator: false,
    nsSeparator: false,
    // React escapes what it renders; escaping twice would show entities.
    interpolation: { escapeValue: false },
  });
  // A catalogue that cannot be loaded must not keep anybody from signing in.
  await show(preferredLanguage()).catch(() => undefined);
}

/** Switches the portal to `language` and remembers it in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  writeStored(storageKey, language);
  await show(language);
}

export function currentLanguage(): Language {
  return isLanguage(i18next.language) ? i18next.language : "en";
}

function subscribe(listener: () => void): () => void {
  i18next.on("languageChanged", listener);
  return () => i18next.off("languageChanged", listener);
}

export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

/** The function that gives texts in the chosen language. */
export function useTexts(): Translate {
  const language = useLanguage();
  return useCallback<Translate>(
    (key, values) => String(i18next.t(key, { lng: language, ...values })),
    [language],
  );
}
