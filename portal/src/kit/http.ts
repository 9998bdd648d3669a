import { currentLanguage } from "./i18n.ts";

/** A request to a homeserver; `path` starts at the server's base address. */
export interface HomeserverRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  token?: string;
  signal?: AbortSignal;
  /** How long to wait for the answer; 30 seconds otherwise. */
  timeoutMs?: number;
}

type Fields = Record<string, unknown>;

/** The server answered with an error. */
export class MatrixError extends Error {
  readonly status: number;
  readonly errcode: string;
  /** How long to wait before trying again, in milliseconds (429 only). */
  readonly retryAfterMs: number | null;
  readonly fields: Fields;

  constructor(status: number, fields: Fields, retryAfter: string | null = null) {
    const errcode = typeof fields.errcode === "string" ? fields.errcode : "M_UNKNOWN";
    super(typeof fields.error === "string" ? fields.error : errcode);
    this.status = status;
    this.errcode = errcode;
    this.fields = fields;
    const ms = fields.retry_after_ms;
    const seconds = Number(retryAfter);
    this.retryAfterMs =
      status !== 429 ? null : typeof ms === "number" ? ms : seconds > 0 ? seconds * 1000 : 5000;
  }

  /** Holdfast's finer reason for this error, where it gives one. */
  get reason(): string | null {
    const reason = this.fields["dev.holdfast.reason"];
    return typeof reason === "string" ? reason : null;
  }

  /** True if the session was only locked: its device and keys are still there. */
  get softLogout(): boolean {
    return this.errcode === "M_UNKNOWN_TOKEN" && this.fields.soft_logout === true;
  }
}

/** No answer came: no network, no such server, or not within the time allowed. */
export class UnreachableError extends Error {}

const usualTimeoutMs = 30_000;

async function readJson(response: Response): Promise<Fields> {
  try {
    const value: unknown = await response.json();
    return typeof value === "object" && value !== null ? (value as Fields) : {};
  } catch {
    // Proxies answer errors with pages of their own.
    return {};
  }
}

/** Fetches JSON from `url`; throws `MatrixError` or `UnreachableError`. */
export async function fetchJson<T>(
  url: string,
  init: RequestInit = {},
  timeoutMs = usualTimeoutMs,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
  let response: Response;
  try {
    response = await fetch(url, {
      ...init,
      signal,
      credentials: "omit",
      referrerPolicy: "no-referrer",
    });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new UnreachableError(url, { cause: error });
  }
  const fields = await readJson(response);
  if (!response.ok) {
    throw new MatrixError(response.status, fields, response.headers.get("Retry-After"));
  }
  return fields as T;
}

/** Sends one request to the homeserver at `baseUrl` and gives its JSON answer. */
export async function send<T>(baseUrl: string, request: HomeserverRequest): Promise<T> {
  const headers: Record<string, string> = { "Accept-Language": currentLanguage() };
  if (request.token) headers.Authorization = `Bearer ${request.token}`;
  if (request.body !== undefined) headers["Content-Type"] = "application/json";
  const init = {
    method: request.method,
    headers,
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    ...(request.signal ? { signal: request.signal } : {}),
  };
  return fetchJson<T>(baseUrl + request.path, init, request.timeoutMs);
}

/** The path of a Client-Server API endpoint: `clientPath("devices", id)`. */
export function clientPath(...segments: string[]): string {
  return `/_matrix/client/v3/${segments.map(encodeURIComponent).join("/")}`;
}

/** The path of one of Holdfast's own endpoints. */
export function extraPath(...segments: string[]): string {
  return `/_matrix/client/unstable/dev.holdfast/${segments.map(encodeURIComponent).join("/")}`;
}
