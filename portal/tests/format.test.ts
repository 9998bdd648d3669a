import { describe, expect, it } from "vitest";
import { clockTime, relativeTime } from "../src/kit/format.ts";

describe("times", () => {
  it("says how long ago in the largest unit that fits", () => {
    const now = Date.UTC(2026, 0, 10);
    expect(relativeTime(now - 3 * 3_600_000, now, "en")).toBe("3 hours ago");
    expect(relativeTime(now - 86_400_000, now, "en")).toBe("yesterday");
    expect(relativeTime(now - 20_000, now, "en")).toBe("this minute");
  });

  it("shows a waiting time as minutes and seconds", () => {
    expect(clockTime(65)).toBe("1:05");
    expect(clockTime(7)).toBe("0:07");
  });
});
