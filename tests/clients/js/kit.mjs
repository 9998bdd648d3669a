// What the scripts share. A script gets one JSON object as its argument and says what it saw, one
// JSON object per line; the test that runs it decides what is right.
import "./quiet.mjs";

/** What the test told the script: baseUrl, user, password, … */
export const given = JSON.parse(process.argv[2]);

/** matrix-js-sdk, in the version the test names, or the newest. Two do not run side by side. */
export const sdk = await import(given.sdk ?? "matrix-js-sdk");

/** Says that `event` has happened, with its facts. */
export function say(event, facts = {}) {
  process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
}

/** A client that is not signed in. */
export function stranger() {
  return sdk.createClient({ baseUrl: given.baseUrl });
}

/** A client for the answer to a sign-in or registration. */
export function clientOf(answer, options = {}) {
  return sdk.createClient({
    baseUrl: given.baseUrl,
    userId: answer.user_id,
    accessToken: answer.access_token,
    deviceId: answer.device_id,
    ...options,
  });
}

/** Signs in as Element does; `more` are fields such as device_id. */
export function signIn(password, more = {}) {
  return stranger().loginRequest({
    type: "m.login.password",
    identifier: { type: "m.id.user", user: given.user },
    password,
    initial_device_display_name: "matrix-js-sdk",
    ...more,
  });
}

/** A complete password stage, which Element sends with the first request. */
export function passwordStage(userId, password) {
  return { type: "m.login.password", identifier: { type: "m.id.user", user: userId }, password };
}

/** Starts syncing and waits until the first sync is done. */
export async function start(client) {
  const prepared = new Promise((resolve) => {
    client.on(sdk.ClientEvent.Sync, (state) => {
      if (state === sdk.SyncState.Prepared) resolve();
    });
  });
  await client.startClient({ initialSyncLimit: 1 });
  await prepared;
}

/** Ends the script: a client that has synced keeps timers for hours, also when it is stopped. */
export function end(...clients) {
  for (const client of clients) client.stopClient();
  process.exit(0);
}

/** What is worth knowing of an error the server has answered. */
export function told(error) {
  if (!(error instanceof sdk.MatrixError)) throw error;
  const { httpStatus: status, errcode, data } = error;
  return { status, errcode, softLogout: data.soft_logout ?? null, flows: data.flows ?? null };
}

/** What the server refuses with when `act` is tried; null when it is accepted. */
export async function refusalOf(act) {
  try {
    await act();
    return null;
  } catch (error) {
    return told(error);
  }
}

/** Does a request that needs proof, by account password, the way apps use InteractiveAuth. */
export function provenByPassword(client, password, request) {
  const conversation = new sdk.InteractiveAuth({
    matrixClient: client,
    doRequest: (auth) => request(auth ?? undefined),
    requestEmailToken: () => Promise.reject(new Error("no mail is needed here")),
    stateUpdated: (stage, { error }) => {
      if (error) throw new Error(error);
      if (stage === "m.login.password") {
        conversation.submitAuthDict(passwordStage(client.getUserId(), password));
      }
    },
  });
  return conversation.attemptAuth();
}
