import { beforeEach, describe, expect, it } from "vitest";
import { clientPath } from "../src/kit/http.ts";
import { fetchSigned, sendSigned, signOut } from "../src/sessions/authed.ts";
import { ownSession, type StoredSession, storeSession } from "../src/sessions/stored.ts";
import { answering, type Reply, silent } from "./homeserver.ts";

const session: StoredSession = {
  baseUrl: "https://example.org",
  serverName: "example.org",
  userId: "@alice:example.org",
  deviceId: "PORTAL",
  accessToken: "old",
  refreshToken: "refresh-1",
  expiresAt: null,
};

const whoami = { method: "GET", path: clientPath("account", "whoami") } as const;
const renewed: Reply = [
  200,
  { access_token: "new", refresh_token: "refresh-2", expires_in_ms: 60_000 },
];
const locked: Reply = [401, { errcode: "M_UNKNOWN_TOKEN", soft_logout: true }];
const gone: Reply = [401, { errcode: "M_UNKNOWN_TOKEN" }];

/** As another tab stores it. */
function storeElsewhere(newer: StoredSession) {
  localStorage.setItem("holdfast.session", JSON.stringify(newer));
}

beforeEach(() => storeSession(session));

describe("a request as this browser's session", () => {
  it("refreshes a token that has run out, and repeats the request", async () => {
    const seen = answering(({ url, headers }) => {
      if (url.pathname.endsWith("/refresh")) return renewed;
      return headers.get("Authorization") === "Bearer new" ? [200, { ok: true }] : locked;
    });
    expect(await sendSigned(whoami)).toEqual({ ok: true });
    expect(seen.map(({ url }) => url.pathname.split("/").at(-1))).toEqual([
      "whoami",
      "refresh",
      "whoami",
    ]);
    expect(ownSession.get()).toMatchObject({ accessToken: "new", refreshToken: "refresh-2" });
  });

  it("refreshes ahead of the end", async () => {
    storeSession({ ...session, expiresAt: Date.now() + 1000 });
    const seen = answering(({ url }) => (url.pathname.endsWith("/refresh") ? renewed : [200, {}]));
    await sendSigned(whoami);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.headers.get("Authorization")).toBe("Bearer new");
  });

  it("takes the token that another tab has got meanwhile", async () => {
    const seen = answering(({ headers }) => {
      if (headers.get("Authorization") === "Bearer other") return [200, {}];
      storeElsewhere({ ...session, accessToken: "other" });
      return locked;
    });
    await sendSigned(whoami);
    expect(seen.some(({ url }) => url.pathname.endsWith("/refresh"))).toBe(false);
  });

  it("keeps the device of a session that was locked, without its tokens", async () => {
    answering(() => locked);
    await expect(sendSigned(whoami)).rejects.toMatchObject({ softLogout: true });
    expect(ownSession.get()).toMatchObject({
      deviceId: "PORTAL",
      accessToken: null,
      refreshToken: null,
    });
    expect(window.location.pathname).toBe("/signin");
  });

  it("forgets a session that is gone, and says so", async () => {
    answering(() => gone);
    await expect(sendSigned(whoami)).rejects.toMatchObject({ errcode: "M_UNKNOWN_TOKEN" });
    expect(ownSession.get()).toBeNull();
    expect(window.history.state).toEqual({ notice: "signin.ended" });
  });

  it("keeps the session when the server cannot be reached", async () => {
    silent();
    await expect(sendSigned(whoami)).rejects.toThrow();
    await expect(signOut()).rejects.toThrow();
    expect(ownSession.get()).toEqual(session);
  });
});

describe("a request of a library, as this browser's session", () => {
  const url = "https://example.org/_matrix/client/v3/sync";
  const signed = { headers: { Authorization: "Bearer old" } };

  it("is repeated with a refreshed token", async () => {
    answering(({ url, headers }) => {
      if (url.pathname.endsWith("/refresh")) return renewed;
      return headers.get("Authorization") === "Bearer new" ? [200, { ok: true }] : locked;
    });
    expect(await (await fetchSigned(url, signed)).json()).toEqual({ ok: true });
    expect(ownSession.get()).toMatchObject({ accessToken: "new" });
  });

  it("ends the session where it is refused with the newest token too", async () => {
    answering(({ url }) => (url.pathname.endsWith("/refresh") ? renewed : gone));
    expect((await fetchSigned(url, signed)).status).toBe(401);
    expect(ownSession.get()).toBeNull();
  });

  it("keeps the session and its keys when the network is lost at the second try", async () => {
    // A newer token of another tab, so that even a refusal for good is worth a second try.
    const real = answering(() => gone);
    const refusing = globalThis.fetch;
    globalThis.fetch = (...asked) => {
      if (real.length > 0) return Promise.reject(new TypeError("the network is lost"));
      storeElsewhere({ ...session, accessToken: "other" });
      return refusing(...asked);
    };
    await expect(fetchSigned(url, signed)).rejects.toThrow("the network is lost");
    expect(ownSession.get()).toMatchObject({ accessToken: "other" });
  });
});

describe("signing out", () => {
  it("ends the session on the server and here", async () => {
    const seen = answering(() => [200, {}]);
    await signOut();
    expect(seen[0]?.url.pathname).toBe("/_matrix/client/v3/logout");
    expect(ownSession.get()).toBeNull();
  });
});
