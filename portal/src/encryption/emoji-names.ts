import type { Language } from "../kit/i18n.ts";
import table from "./emoji-names.json";

/** What an emoji is called, so that both sides can say it (Client-Server API, "SAS method: emoji"). */
export function emojiName(english: string, language: Language): string {
  if (language === "en") return english;
  const names: Record<string, string> = table[language];
  return names[english.toLowerCase()] ?? english;
}
