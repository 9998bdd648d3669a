import { clientPath } from "../kit/http.ts";
import { sendSigned } from "../sessions/authed.ts";
import { type FateChoice, type FateOutcome, fateBody } from "../sessions/fate.ts";
import { challengeIn, passwordProof } from "../uia/flow.ts";

/** What becomes of the other sessions: Holdfast's choice for each, or the standard's all or none. */
export type OthersChoice = { choice: FateChoice } | { signOutOthers: boolean };

interface ChangeAnswer {
  "dev.holdfast.sessions"?: FateOutcome;
}

/**
 * Changes the account password. The current one goes along with the first request, as clients
 * usually do; a server that wants a session of its own first gets the proof a second time.
 *
 * @returns what happened to each other session, or null where the server does not say.
 */
export async function changePassword(
  userId: string,
  current: string,
  next: string,
  others: OthersChoice,
): Promise<FateOutcome | null> {
  const fates =
    "choice" in others
      ? { "dev.holdfast.sessions": fateBody(others.choice), logout_devices: true }
      : { logout_devices: others.signOutOthers };
  const post = (auth: object) =>
    sendSigned<ChangeAnswer>({
      method: "POST",
      path: clientPath("account", "password"),
      body: { new_password: next, ...fates, auth },
    });
  try {
    const answer = await post(passwordProof(null, userId, current));
    return answer["dev.holdfast.sessions"] ?? null;
  } catch (error) {
    const challenge = challengeIn(error);
    if (!challenge?.session || challenge.errcode) throw error;
    const answer = await post(passwordProof(challenge, userId, current));
    return answer["dev.holdfast.sessions"] ?? null;
  }
}
