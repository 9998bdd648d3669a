import type { Server } from "../discovery/server.ts";
import { clientPath, send } from "../kit/http.ts";
import type { ProblemTexts } from "../kit/problem.ts";
import { expiryOf } from "./authed.ts";
import { type StoredSession, storeSession } from "./stored.ts";

/** Codes that mean something particular to a person who is signing in. */
export const signInTexts: ProblemTexts = {
  M_FORBIDDEN: "signin.wrong",
  M_UNAUTHORIZED: "signin.wrong",
  M_USER_DEACTIVATED: "signin.deactivated",
};

/** What a person signs in with. */
export type Identifier =
  | { kind: "user"; name: string }
  | { kind: "email"; address: string }
  | { kind: "phone"; country: string; number: string };

/** The answer of `/login` and `/register`. */
export interface LoginAnswer {
  user_id: string;
  access_token: string;
  device_id: string;
  refresh_token?: string;
  expires_in_ms?: number;
}

function identifierBody(identifier: Identifier): Record<string, string> {
  switch (identifier.kind) {
    case "user":
      return { type: "m.id.user", user: identifier.name.trim() };
    case "email":
      return { type: "m.id.thirdparty", medium: "email", address: identifier.address.trim() };
    case "phone":
      return {
        type: "m.id.phone",
        country: identifier.country,
        phone: identifier.number.replace(/[\s()/.-]/g, ""),
      };
  }
}

/** Whether people sign in here with a password; some servers only do it on pages of their own. */
export async function takesPasswords(server: Server): Promise<boolean> {
  const { flows } = await send<{ flows: { type: string }[] }>(server.baseUrl, {
    method: "GET",
    path: clientPath("login"),
  });
  return flows.some((flow) => flow.type === "m.login.password");
}

/** The name under which the portal's own session is listed. */
export function portalSessionName(): string {
  return `Holdfast portal (${window.location.host})`;
}

/** Signs in and stores the session; with `deviceId`, as the session that had it before. */
export async function signIn(
  server: Pick<Server, "baseUrl" | "name">,
  identifier: Identifier,
  password: string,
  deviceId?: string,
): Promise<StoredSession> {
  const answer = await send<LoginAnswer>(server.baseUrl, {
    method: "POST",
    path: clientPath("login"),
    body: {
      type: "m.login.password",
      identifier: identifierBody(identifier),
      password,
      refresh_token: true,
      ...(deviceId
        ? { device_id: deviceId }
        : { initial_device_display_name: portalSessionName() }),
    },
  });
  return keepLogin(server, answer);
}

/** Stores the session that signing in or creating an account opened. */
export function keepLogin(
  server: Pick<Server, "baseUrl" | "name">,
  answer: LoginAnswer,
): StoredSession {
  const session: StoredSession = {
    baseUrl: server.baseUrl,
    serverName: server.name,
    userId: answer.user_id,
    deviceId: answer.device_id,
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? null,
    expiresAt: expiryOf(answer.expires_in_ms),
  };
  storeSession(session);
  return session;
}
