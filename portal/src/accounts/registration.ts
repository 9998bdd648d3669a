import type { Server } from "../discovery/server.ts";
import { clientPath, MatrixError, send } from "../kit/http.ts";
import { type LoginAnswer, portalSessionName } from "../sessions/login.ts";
import type { EmailValidation, TokenRequest } from "../uia/email-validation.ts";
import { credentialsOf } from "../uia/email-validation.ts";
import { type Challenge, challengeIn, type Proof, proofFor } from "../uia/flow.ts";

export const emailStage = "m.login.email.identity";
export const tokenStage = "m.login.registration_token";

/** What a new account is to be. */
export interface Wanted {
  username: string;
  password: string;
}

/** What a server asks of people who create an account. */
export interface RegistrationNeeds {
  open: boolean;
  email: "no" | "optional" | "required";
  token: boolean;
}

/** The server's answer to an attempt: the account, or what is still missing. */
export type Attempt = { done: true; answer: LoginAnswer } | { done: false; challenge: Challenge };

async function post(server: Server, body: object): Promise<Attempt> {
  try {
    const answer = await send<LoginAnswer>(server.baseUrl, {
      method: "POST",
      path: clientPath("register"),
      body,
    });
    return { done: true, answer };
  } catch (error) {
    const challenge = challengeIn(error);
    if (!challenge) throw error;
    return { done: false, challenge };
  }
}

/** Tries to create the account, with the proof for one stage. */
export function tryRegister(server: Server, wanted: Wanted, proof?: Proof): Promise<Attempt> {
  return post(server, {
    ...wanted,
    initial_device_display_name: portalSessionName(),
    refresh_token: true,
    ...(proof ? { auth: proof } : {}),
  });
}

/** Reads the needs out of the stages a server names. */
export function needsOf(challenge: Challenge): RegistrationNeeds {
  const withStage = (stage: string) =>
    challenge.flows.filter((flow) => flow.stages.includes(stage)).length;
  const all = challenge.flows.length;
  const withEmail = withStage(emailStage);
  return {
    open: all > 0,
    email: withEmail === 0 ? "no" : withEmail === all ? "required" : "optional",
    token: all > 0 && withStage(tokenStage) === all,
  };
}

/** Asks the server what it wants, before anything is typed. */
export async function registrationNeeds(server: Server): Promise<RegistrationNeeds> {
  const closed: RegistrationNeeds = { open: false, email: "no", token: false };
  if (server.info?.registration === "closed") return closed;
  try {
    const attempt = await post(server, {});
    return attempt.done ? closed : needsOf(attempt.challenge);
  } catch (error) {
    if (error instanceof MatrixError && [403, 404, 405].includes(error.status)) return closed;
    throw error;
  }
}

export function requestRegistrationMail(
  server: Server,
  body: TokenRequest,
): Promise<{ sid: string }> {
  return send(server.baseUrl, {
    method: "POST",
    path: clientPath("register", "email", "requestToken"),
    body,
  });
}

export function emailProof(challenge: Challenge, validation: EmailValidation): Proof {
  return proofFor(challenge, emailStage, { threepid_creds: credentialsOf(validation) });
}

/** Whether a user name is free; null where the server does not say. */
export async function isAvailable(
  server: Server,
  username: string,
  signal: AbortSignal,
): Promise<"free" | "taken" | "invalid" | null> {
  try {
    await send(server.baseUrl, {
      method: "GET",
      path: `${clientPath("register", "available")}?username=${encodeURIComponent(username)}`,
      signal,
    });
    return "free";
  } catch (error) {
    if (!(error instanceof MatrixError)) return null;
    if (error.errcode === "M_INVALID_USERNAME") return "invalid";
    const taken = ["M_USER_IN_USE", "M_EXCLUSIVE"].includes(error.errcode);
    return taken ? "taken" : null;
  }
}
