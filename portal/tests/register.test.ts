import { describe, expect, it } from "vitest";
import { goOn, refusedToken } from "../src/accounts/register-steps.ts";
import { needsOf, registrationNeeds, tryRegister } from "../src/accounts/registration.ts";
import type { Server } from "../src/discovery/server.ts";
import { answering, type Reply, type Seen } from "./homeserver.ts";

const server: Server = {
  baseUrl: "https://example.org",
  name: "example.org",
  sessionChoice: false,
  lockDevices: false,
  passwordReset: false,
  recoveryKeyReset: false,
  custody: false,
  info: null,
};
const form = { username: "alice", password: "copper lantern river", email: "", token: "tok" };
const account: Reply = [200, { user_id: "@alice:example.org", access_token: "t", device_id: "D" }];
const dummy = "m.login.dummy";
const email = "m.login.email.identity";
const token = "m.login.registration_token";

function wanting(flows: string[][], completed: string[] = []): Reply {
  return [401, { session: "s", flows: flows.map((stages) => ({ stages })), completed }];
}

function stageOf(request: Seen): unknown {
  return (request.body.auth as Record<string, unknown> | undefined)?.type;
}

async function register(wanted = form) {
  const { username, password } = wanted;
  return goOn(server, wanted, await tryRegister(server, { username, password }));
}

describe("creating an account", () => {
  it("passes the stages that need nobody", async () => {
    const seen = answering((request) => {
      if (stageOf(request) === token) return wanting([[token, dummy]], [token]);
      return stageOf(request) === dummy ? account : wanting([[token, dummy]]);
    });
    expect(await register()).toMatchObject({ at: "done", answer: { device_id: "D" } });
    expect(seen.map(stageOf)).toEqual([undefined, token, dummy]);
    expect(seen[1]?.body.auth).toMatchObject({ token: "tok", session: "s" });
    expect(seen[2]?.body.refresh_token).toBe(true);
  });

  it("takes the flow with the mail exactly if there is an address", async () => {
    answering((request) => (stageOf(request) === dummy ? account : wanting([[email], [dummy]])));
    expect(await register()).toMatchObject({ at: "done" });
    expect(await register({ ...form, email: "a@example.org" })).toMatchObject({ at: "mail" });
  });

  it("sends people to the server's page for a stage it does not know", async () => {
    answering(() => wanting([["m.login.recaptcha", dummy]]));
    expect(await register()).toMatchObject({ at: "fallback", stage: "m.login.recaptcha" });
  });

  it("says when a registration token was refused, instead of trying for ever", async () => {
    const seen = answering(() => wanting([[token]]));
    await expect(register()).rejects.toMatchObject({ errcode: refusedToken });
    expect(seen).toHaveLength(2);
  });
});

describe("what a server asks of new people", () => {
  it("is read out of its flows", () => {
    const needs = (flows: string[][]) =>
      needsOf({
        flows: flows.map((stages) => ({ stages })),
        completed: [],
        params: {},
        errcode: null,
      });
    expect(needs([[dummy]])).toEqual({ open: true, email: "no", token: false });
    expect(needs([[dummy], [email]])).toMatchObject({ email: "optional" });
    expect(needs([[token, email]])).toMatchObject({ email: "required", token: true });
  });

  it("is nothing where registration is closed", async () => {
    answering(() => [403, { errcode: "M_FORBIDDEN" }]);
    expect((await registrationNeeds(server)).open).toBe(false);
  });
});
