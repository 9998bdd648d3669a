import type { Server } from "../discovery/server.ts";
import { MatrixError } from "../kit/http.ts";
import type { LoginAnswer } from "../sessions/login.ts";
import { type Challenge, nextStage, type Proof, proofFor } from "../uia/flow.ts";
import { type Attempt, emailStage, tokenStage, tryRegister, type Wanted } from "./registration.ts";

/** Everything the form knows. */
export interface RegisterForm extends Wanted {
  email: string;
  token: string;
}

/** Where creating the account stands: done, or waiting for a person. */
export type Standing =
  | { at: "done"; answer: LoginAnswer }
  | { at: "mail"; challenge: Challenge }
  | { at: "fallback"; challenge: Challenge; stage: string };

/** The flow with the mail exactly if an address was given, where the server leaves the choice. */
function stageFor(form: RegisterForm, challenge: Challenge): string | null {
  const wantsMail = form.email !== "";
  const fitting = nextStage(challenge, (stages) => stages.includes(emailStage) === wantsMail);
  return fitting ?? nextStage(challenge);
}

/** A proof that can be given without asking the person again. */
function proofAtHand(form: RegisterForm, challenge: Challenge, stage: string): Proof | null {
  if (stage === "m.login.dummy") return proofFor(challenge, stage);
  if (stage === tokenStage) return proofFor(challenge, stage, { token: form.token.trim() });
  return null;
}

/**
 * Goes on from the server's last answer until the account exists or a person has to do something.
 * A stage that comes back after its proof was given has been refused.
 */
export async function goOn(
  server: Server,
  form: RegisterForm,
  attempt: Attempt,
): Promise<Standing> {
  const wanted: Wanted = { username: form.username, password: form.password };
  let current = attempt;
  let given: string | null = null;
  while (!current.done) {
    const { challenge } = current;
    const stage = stageFor(form, challenge);
    if (stage === null || stage === given) throw refusal(challenge, stage);
    if (stage === emailStage) return { at: "mail", challenge };
    const proof = proofAtHand(form, challenge, stage);
    if (!proof) return { at: "fallback", challenge, stage };
    given = stage;
    current = await tryRegister(server, wanted, proof);
  }
  return { at: "done", answer: current.answer };
}

/** Error code for a refused registration token; servers answer it with different ones. */
export const refusedToken = "dev.holdfast.portal.token_refused";

function refusal(challenge: Challenge, stage: string | null): MatrixError {
  const errcode = stage === tokenStage ? refusedToken : (challenge.errcode ?? "M_UNAUTHORIZED");
  return new MatrixError(401, { errcode });
}
