import { describe, expect, it } from "vitest";
import { checkPolicy, usualPolicy } from "../src/credentials/policy.ts";
import { MatrixError, UnreachableError } from "../src/kit/http.ts";
import { explain } from "../src/kit/problem.ts";
import { clientName } from "../src/sessions/client-name.ts";
import { countFates, fateBody, lockAll, withFate } from "../src/sessions/fate.ts";

describe("the password policy", () => {
  const check = (password: string, owner = {}) => checkPolicy(password, usualPolicy, owner)?.key;

  it("counts characters, not code units", () => {
    expect(check("🐌🐌🐌🐌🐌🐌🐌")).toBe("policy.too_short");
    expect(check("🐌🐌🐌🐌🐌🐌🐌🐌")).toBeUndefined();
    expect(check("x".repeat(513))).toBe("policy.too_long");
  });

  it("wants neither the user name nor the address in it", () => {
    expect(check("my-Alice-2026", { userId: "@alice:example.org" })).toBe(
      "problem.weak.contains_name",
    );
    expect(check("my-alice-2026", { email: "alice@example.org" })).toBe(
      "problem.weak.contains_address",
    );
  });

  it("only wants something where the server has no policy", () => {
    const off = { ...usualPolicy, enabled: false };
    expect(checkPolicy("x", off, {})).toBeNull();
    expect(checkPolicy("", off, {})?.key).toBe("policy.empty");
  });
});

describe("problems", () => {
  it("say when to try again", () => {
    const limited = new MatrixError(429, { errcode: "M_LIMIT_EXCEEDED", retry_after_ms: 3000 });
    expect(explain(limited, {}, 1000)).toEqual({ key: "problem.rate", retryAt: 4000 });
    const proxied = new MatrixError(429, {}, "7");
    expect(explain(proxied, {}, 0).retryAt).toBe(7000);
  });

  it("use the reason of a weak password, and the texts of the place", () => {
    const weak = { errcode: "M_WEAK_PASSWORD", "dev.holdfast.reason": "common" };
    expect(explain(new MatrixError(400, weak)).key).toBe("problem.weak.common");
    const forbidden = new MatrixError(403, { errcode: "M_FORBIDDEN" });
    expect(explain(forbidden, { M_FORBIDDEN: "signin.wrong" }).key).toBe("signin.wrong");
  });

  it("tell a silent server from a broken one", () => {
    expect(explain(new UnreachableError("x")).key).toBe("problem.unreachable");
    expect(explain(new MatrixError(502, {})).key).toBe("problem.server");
  });
});

describe("the fate of sessions", () => {
  it("is locking unless something else is chosen", () => {
    const choice = withFate(withFate(lockAll, "A", "remove"), "B", "keep");
    expect(countFates(choice, ["A", "B", "C"])).toEqual({ keep: 1, lock: 1, remove: 1 });
    expect(fateBody(choice)).toEqual({ default: "lock", A: "remove", B: "keep" });
    expect(withFate(choice, "A", null).each).toEqual({ B: "keep" });
  });
});

describe("the client behind a user agent", () => {
  it("is named by what is most particular about it", () => {
    const linux = "Mozilla/5.0 (X11; Linux x86_64)";
    expect(clientName(`${linux} Gecko/20100101 Firefox/140.0`)).toBe("Firefox · Linux");
    expect(clientName(`${linux} AppleWebKit/537.36 Chrome/150.0 Safari/537.36`)).toBe(
      "Chrome · Linux",
    );
    expect(clientName("Element X/1.0 (iPhone; iOS 26)")).toBe("Element · iPhone");
    expect(clientName("matrix-tool/1.0")).toBe("matrix-tool/1.0");
  });
});
