import { clientPath, type HomeserverRequest, MatrixError, send } from "../kit/http.ts";
import { navigate } from "../kit/router.tsx";
import { isOpen, type OpenSession, ownSession, rereadSession, storeSession } from "./stored.ts";

interface RefreshAnswer {
  access_token: string;
  refresh_token?: string;
  expires_in_ms?: number;
}

/** Refresh this long before the token ends, so that no request is lost to a slow network. */
const refreshAheadMs = 30_000;

/** One tab refreshes at a time: a refresh token used twice ends the session. */
async function withRefreshLock<T>(work: () => Promise<T>): Promise<T> {
  // Locks exist in secure contexts only; a plain http address other than localhost is not one.
  if (!navigator.locks) return work();
  return navigator.locks.request("holdfast.refresh", work);
}

async function refresh(stale: OpenSession): Promise<OpenSession> {
  return withRefreshLock(async () => {
    const session = rereadSession();
    if (!isOpen(session)) throw lostSession();
    if (session.accessToken !== stale.accessToken || !session.refreshToken) return session;
    const answer = await send<RefreshAnswer>(session.baseUrl, {
      method: "POST",
      path: clientPath("refresh"),
      body: { refresh_token: session.refreshToken },
    });
    const renewed: OpenSession = {
      ...session,
      accessToken: answer.access_token,
      refreshToken: answer.refresh_token ?? session.refreshToken,
      expiresAt: expiryOf(answer.expires_in_ms),
    };
    storeSession(renewed);
    return renewed;
  });
}

/** When a token with this lifetime ends; null without one. */
export function expiryOf(lifetimeMs: number | undefined, now = Date.now()): number | null {
  return lifetimeMs === undefined ? null : now + lifetimeMs;
}

function lostSession(): MatrixError {
  return new MatrixError(401, { errcode: "M_MISSING_TOKEN" });
}

/** Drops the tokens: of a locked session the device is kept for signing in again, else nothing is. */
function endSession(error: MatrixError): void {
  const session = ownSession.get();
  // Several requests may be refused at once: the first has led to where it goes on.
  if (!isOpen(session)) return;
  if (error.softLogout) {
    // Before the session is stored: that alone leads to the page where it is signed in to again.
    const next = encodeURIComponent(window.location.pathname);
    storeSession({ ...session, accessToken: null, refreshToken: null, expiresAt: null });
    navigate(`/signin?next=${next}`, { replace: true });
  } else {
    storeSession(null);
    navigate("/signin", { replace: true, notice: "signin.ended" });
  }
}

function refusesToken(error: unknown): error is MatrixError {
  return error instanceof MatrixError && error.errcode === "M_UNKNOWN_TOKEN";
}

type Unsigned = Omit<HomeserverRequest, "token">;

/** Makes a request with a session's token; throws the server's error where that is refused. */
type Attempt<T> = (session: OpenSession) => Promise<T>;

/**
 * Sends a request as this browser's session. Refreshes the access token where it has run out;
 * when the server refuses the session, the person is taken to the page that says why.
 */
export async function sendSigned<T>(request: Unsigned): Promise<T> {
  const session = ownSession.get();
  if (!isOpen(session)) throw lostSession();
  return asSession(session, ({ baseUrl, accessToken }) =>
    send<T>(baseUrl, { ...request, token: accessToken }),
  );
}

/** Ends the session where its tokens are refused, the newest too; other failures leave it alone. */
async function asSession<T>(session: OpenSession, attempt: Attempt<T>): Promise<T> {
  try {
    return await renewing(session, attempt);
  } catch (error) {
    if (refusesToken(error)) endSession(error);
    throw error;
  }
}

function isEnding({ expiresAt, refreshToken }: OpenSession): boolean {
  const ending = expiresAt !== null && expiresAt - Date.now() < refreshAheadMs;
  return ending && refreshToken !== null;
}

async function renewing<T>(session: OpenSession, attempt: Attempt<T>): Promise<T> {
  const current = isEnding(session) ? await refresh(session) : session;
  try {
    return await attempt(current);
  } catch (error) {
    if (!refusesToken(error)) throw error;
    return attempt(await renewAfter(error, current));
  }
}

/** Another tab's newer token, else a refreshed one; throws `error` where there is neither. */
async function renewAfter(error: MatrixError, refused: OpenSession): Promise<OpenSession> {
  const latest = rereadSession();
  if (isOpen(latest) && latest.accessToken !== refused.accessToken) return latest;
  if (!error.softLogout || !refused.refreshToken) throw error;
  return refresh(refused);
}

/**
 * `fetch` for a library that makes requests of its own: this session's newest token goes with those
 * that carry one, and where it is refused, the same happens as for the portal's own requests.
 */
export async function fetchSigned(
  input: RequestInfo | URL,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  const session = ownSession.get();
  if (!isOpen(session) || !headers.has("Authorization")) return fetch(input, init);
  let refusal: Response | undefined;
  const attempt = async ({ accessToken }: OpenSession) => {
    headers.set("Authorization", `Bearer ${accessToken}`);
    const answer = await fetch(input, { ...init, headers });
    if (answer.status !== 401) return answer;
    const error = new MatrixError(401, await answer.clone().json());
    if (!refusesToken(error)) return answer;
    refusal = answer;
    throw error;
  };
  try {
    return await asSession(session, attempt);
  } catch (error) {
    if (refusal && refusesToken(error)) return refusal;
    throw error;
  }
}

/** Ends this session on the server and here. */
export async function signOut(): Promise<void> {
  try {
    await sendSigned({ method: "POST", path: clientPath("logout"), body: {} });
  } catch (error) {
    // Without an answer the session is still there: say so instead of pretending.
    if (!(error instanceof MatrixError) || error.status !== 401) throw error;
    return;
  }
  storeSession(null);
  navigate("/signin", { notice: "signin.signed_out" });
}
