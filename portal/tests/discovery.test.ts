import { describe, expect, it } from "vitest";
import { findServer, inspectServer, NoHomeserverError } from "../src/discovery/server.ts";
import { UnreachableError } from "../src/kit/http.ts";
import { answering, type Reply, silent } from "./homeserver.ts";

const versions: Reply = [200, { versions: ["v1.11"] }];

describe("finding a homeserver", () => {
  it("follows the well-known file of a server name", async () => {
    const seen = answering(({ url }) =>
      url.pathname.startsWith("/.well-known")
        ? [200, { "m.homeserver": { base_url: "https://matrix.example.org/" } }]
        : versions,
    );
    const server = await findServer(" Example.org ");
    expect(server.baseUrl).toBe("https://matrix.example.org");
    expect(server.name).toBe("example.org");
    expect(seen[0]?.url.href).toBe("https://example.org/.well-known/matrix/client");
  });

  it("takes the name itself where there is no such file, and the server out of a user ID", async () => {
    answering(({ url }) => (url.pathname.startsWith("/.well-known") ? [404, {}] : versions));
    expect((await findServer("@alice:example.org")).baseUrl).toBe("https://example.org");
    expect((await findServer("localhost:8008")).baseUrl).toBe("http://localhost:8008");
  });

  it("says when nothing there speaks Matrix", async () => {
    answering(() => [404, {}]);
    await expect(findServer("example.org")).rejects.toBeInstanceOf(NoHomeserverError);
    await expect(findServer("not a name")).rejects.toBeInstanceOf(NoHomeserverError);
    silent();
    await expect(findServer("example.org")).rejects.toBeInstanceOf(UnreachableError);
  });

  it("refuses a well-known file that names no address", async () => {
    answering(() => [200, { "m.homeserver": { base_url: "nonsense" } }]);
    await expect(findServer("example.org")).rejects.toBeInstanceOf(NoHomeserverError);
  });
});

describe("what a server can do", () => {
  it("leaves Holdfast's extras out where they are not announced", async () => {
    const seen = answering(() => versions);
    const server = await inspectServer("https://example.org");
    expect(server).toMatchObject({ sessionChoice: false, lockDevices: false, info: null });
    expect(seen).toHaveLength(1);
  });

  it("asks Holdfast for its name and policy", async () => {
    answering(({ url }) =>
      url.pathname.endsWith("/info")
        ? [200, { server_name: "home.example" }]
        : [
            200,
            {
              versions: ["v1.11"],
              unstable_features: { "dev.holdfast.info": true, "dev.holdfast.lock_devices": true },
            },
          ],
    );
    const server = await inspectServer("https://matrix.home.example");
    expect(server).toMatchObject({ name: "home.example", lockDevices: true, passwordReset: false });
  });
});
