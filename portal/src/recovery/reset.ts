import type { Report } from "../custody/report.ts";
import type { Server } from "../discovery/server.ts";
import { clientPath, extraPath, MatrixError, send } from "../kit/http.ts";
import type { TextKey } from "../kit/i18n.ts";
import type { Device } from "../sessions/devices.ts";
import { type FateChoice, type FateOutcome, fateBody } from "../sessions/fate.ts";
import { credentialsOf, type EmailValidation, type TokenRequest } from "../uia/email-validation.ts";

/** How a server lets a forgotten account password be replaced. */
export type ResetWay = "link" | "client" | "none";

/**
 * Holdfast mails a link that is the last step. Other servers only confirm the address by mail, and
 * the new password is sent from the page that asked.
 */
export function resetWay(server: Server): ResetWay {
  if (server.passwordReset) return "link";
  return server.info && !server.info.mail ? "none" : "client";
}

/** Has Holdfast mail a link; the answer is the same whether or not the address is known. */
export async function requestLink(server: Server, email: string): Promise<void> {
  await send(server.baseUrl, {
    method: "POST",
    path: extraPath("password_reset", "request"),
    body: { email },
  });
}

/** What is behind a link: whose account, and which sessions it has. */
export interface OpenedLink {
  user_id: string;
  sessions: Device[];
  expires_in_ms: number;
  /** What each choice would cost; servers from before it was told leave it out. */
  custody?: Report;
}

export function openLink(baseUrl: string, token: string): Promise<OpenedLink> {
  return send(baseUrl, {
    method: "POST",
    path: extraPath("password_reset", "open"),
    body: { token },
  });
}

const uselessTexts: Record<string, TextKey> = {
  expired: "reset.expired",
  used: "reset.used",
  unknown: "reset.unknown",
};

/** Why a link does not work (any more); null if `error` says something else. */
export function uselessText(error: unknown): TextKey | null {
  if (!(error instanceof MatrixError) || error.status !== 404) return null;
  return uselessTexts[error.reason ?? ""] ?? "reset.unknown";
}

interface ResetAnswer {
  user_id: string;
  "dev.holdfast.sessions"?: FateOutcome;
}

export async function completeReset(
  baseUrl: string,
  token: string,
  password: string,
  choice: FateChoice,
): Promise<FateOutcome> {
  const answer = await send<ResetAnswer>(baseUrl, {
    method: "POST",
    path: extraPath("password_reset", "complete"),
    body: { token, new_password: password, sessions: fateBody(choice) },
  });
  return answer["dev.holdfast.sessions"] ?? { kept: [], locked: [], removed: [] };
}

/** The standard's `requestToken` for a forgotten password. */
export function requestResetToken(server: Server, body: TokenRequest): Promise<{ sid: string }> {
  return send(server.baseUrl, {
    method: "POST",
    path: clientPath("account", "password", "email", "requestToken"),
    body,
  });
}

/** The standard's way: the confirmed address is the proof. */
export async function resetByAddress(
  server: Server,
  validation: EmailValidation,
  password: string,
  signOutOthers: boolean,
): Promise<void> {
  await send(server.baseUrl, {
    method: "POST",
    path: clientPath("account", "password"),
    body: {
      new_password: password,
      logout_devices: signOutOthers,
      auth: { type: "m.login.email.identity", threepid_creds: credentialsOf(validation) },
    },
  });
}
