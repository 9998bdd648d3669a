// Registering with an e-mail address through InteractiveAuth, which polls until the link is
// followed somewhere else.
import { clientOf, given, say, sdk, stranger } from "./kit.mjs";

const POLL_MS = 200;
const client = stranger();
let polls = 0;
let at = null;
const conversation = new sdk.InteractiveAuth({
  matrixClient: client,
  inputs: { emailAddress: given.address },
  doRequest: (auth) =>
    client.registerRequest({
      username: given.user,
      password: given.password,
      ...(auth ? { auth } : {}),
    }),
  requestEmailToken: async (address, secret, attempt) => {
    const answer = await client.requestRegisterEmailToken(address, secret, attempt);
    setTimeout(() => say("mailed"), 3 * POLL_MS);
    return answer;
  },
  stateUpdated: (stage, { errcode }) => {
    // Until the link is followed, Element expects M_UNAUTHORIZED and shows every other error.
    if (stage !== at) say("stage", { stage });
    if (errcode && errcode !== "M_UNAUTHORIZED") throw new Error(errcode);
    at = stage;
  },
});
const timer = setInterval(() => {
  polls += 1;
  conversation.poll();
}, POLL_MS);
const answer = await conversation.attemptAuth();
clearInterval(timer);
const { threepids } = await clientOf(answer).getThreePids();
say("registered", { userId: answer.user_id, polled: polls > 1, threepids });
