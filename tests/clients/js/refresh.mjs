// Access tokens that expire. Version 43 of matrix-js-sdk refreshes with OAuth alone; those up to 42
// call a function of the app's own, which asks POST /refresh.
import { clientOf, given, refusalOf, say, signIn, stranger } from "./kit.mjs";

const answer = await signIn(given.password, { refresh_token: true });
say("signed in", { expires: answer.expires_in_ms, refreshable: "refresh_token" in answer });

let refreshed = 0;
const client = clientOf(answer, {
  accessToken: "an access token that is not known any more",
  refreshToken: answer.refresh_token,
  tokenRefreshFunction: async (refreshToken) => {
    refreshed += 1;
    const fresh = await stranger().refreshToken(refreshToken);
    return {
      accessToken: fresh.access_token,
      refreshToken: fresh.refresh_token,
      expiry: new Date(Date.now() + fresh.expires_in_ms),
    };
  },
});
const me = await client.whoami();
say("refreshed", { refreshed, sameDevice: me.device_id === answer.device_id });

const plain = await signIn(given.password);
say("plain", { expires: plain.expires_in_ms ?? null, refreshable: "refresh_token" in plain });

say("reused", await refusalOf(() => stranger().refreshToken(answer.refresh_token)));
say("locked", await refusalOf(() => client.whoami()));
