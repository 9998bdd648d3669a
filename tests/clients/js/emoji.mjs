// Verification by comparing emoji, between two sessions or between two users in a room.
import {
  CryptoEvent,
  VerificationPhase,
  VerificationRequestEvent,
  VerifierEvent,
} from "./custodian.mjs";

/** Waits until a verification is in one of some phases. */
export function reached(request, ...phases) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (phases.includes(request.phase)) resolve();
      else if (request.phase === VerificationPhase.Cancelled) {
        reject(new Error(`cancelled: ${request.cancellationCode}`));
      }
    };
    request.on(VerificationRequestEvent.Change, look);
    look();
  });
}

/** Shows the emoji to the user, who says that they are the same. */
function compare(verifier, seen) {
  verifier.on(VerifierEvent.ShowSas, ({ sas, confirm }) => {
    seen.push(sas.emoji.map(([, name]) => name).join(" "));
    void confirm();
  });
  return verifier.verify();
}

/** The next request for a verification that comes to a client. */
export function asked(client) {
  return new Promise((resolve) => {
    client.on(CryptoEvent.VerificationRequestReceived, resolve);
  });
}

/** Goes through a verification that one side has asked the other for; whether both saw the same. */
export async function compareEmoji(mine, theirs) {
  await theirs.accept();
  await reached(mine, VerificationPhase.Ready);
  const emoji = [];
  const verifier = await mine.startVerification("m.sas.v1");
  await Promise.all([
    compare(verifier, emoji),
    reached(theirs, VerificationPhase.Started).then(() => compare(theirs.verifier, emoji)),
  ]);
  await Promise.all([
    reached(mine, VerificationPhase.Done),
    reached(theirs, VerificationPhase.Done),
  ]);
  return emoji.length === 2 && emoji[0] === emoji[1];
}

/** Two users verify each other in a room that they share. */
export async function verify(one, other, roomId) {
  const waiting = asked(other);
  const mine = await one.getCrypto().requestVerificationDM(other.getUserId(), roomId);
  return { sameEmoji: await compareEmoji(mine, await waiting) };
}
