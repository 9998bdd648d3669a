// Two sessions of one user verify each other by comparing emoji; the new one gets the secrets.
import {
  CryptoEvent,
  VerificationPhase,
  VerificationRequestEvent,
  VerifierEvent,
  backUp,
  encrypting,
  isVerified,
  keysHeldBy,
  roomKeys,
  setUp,
  until,
} from "./custodian.mjs";
import { end, given, say, signIn } from "./kit.mjs";

/** Waits until a verification is in one of some phases. */
function reached(request, ...phases) {
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

const old = await encrypting(await signIn(given.password));
await setUp(old);
await backUp(old, roomKeys);
const young = await encrypting(await signIn(given.password));
await young.getCrypto().getUserDeviceInfo([young.getUserId()], true);
say("before", { verified: await isVerified(young) });

const asked = new Promise((resolve) => {
  old.on(CryptoEvent.VerificationRequestReceived, resolve);
});
const mine = await young.getCrypto().requestOwnUserVerification();
const theirs = await asked;
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
const crypto = young.getCrypto();
await until("the secrets", async () => {
  const { privateKeysCachedLocally: own } = await crypto.getCrossSigningStatus();
  return own.masterKey && own.selfSigningKey && own.userSigningKey;
});
await until("the key of the backup", () => crypto.getSessionBackupPrivateKey());
await until("the others to see it", () => isVerified(old, young.getDeviceId()));
await crypto.restoreKeyBackup();
say("verified", {
  sameEmoji: emoji.length === 2 && emoji[0] === emoji[1],
  verified: await until("its own signature", () => isVerified(young)),
  asOldSeesIt: await isVerified(old, young.getDeviceId()),
  keys: await keysHeldBy(young),
});
old.stopClient();
end(young);
