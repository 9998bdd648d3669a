/**
 * A short name for the client behind a user agent, such as "Firefox · Linux". Browsers claim to be
 * each other, so the most particular names come first.
 */
const clients: [RegExp, string][] = [
  [/\bElement\b/i, "Element"],
  [/\bSchildiChat\b/i, "SchildiChat"],
  [/\bFluffyChat\b/i, "FluffyChat"],
  [/\bNheko\b/i, "Nheko"],
  [/\bmatrix-nio\b/i, "matrix-nio"],
  [/\bEdgi?A?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/Chrom(e|ium)\/|\bCriOS\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b|\bmacOS\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

const longestUnknown = 60;

function firstMatch(table: [RegExp, string][], userAgent: string): string | undefined {
  return table.find(([pattern]) => pattern.test(userAgent))?.[1];
}

export function clientName(userAgent: string): string {
  const client = firstMatch(clients, userAgent);
  const system = firstMatch(systems, userAgent);
  const name = [client, system].filter((part) => part !== undefined).join(" · ");
  return name || userAgent.slice(0, longestUnknown);
}
