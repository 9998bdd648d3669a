import { extraPath, fetchJson, MatrixError, send, UnreachableError } from "../kit/http.ts";

/** What Holdfast tells about itself before anybody signs in. */
export interface HoldfastInfo {
  server_name: string;
  version: string;
  registration: "open" | "token" | "closed";
  mail: boolean;
  languages: string[];
  password_policy: PasswordPolicy;
}

export interface PasswordPolicy {
  enabled: boolean;
  minimum_length: number;
  recommended_length: number;
  maximum_length: number;
}

/** A homeserver that answered, and which of Holdfast's extras it has. */
export interface Server {
  /** Without a slash at the end. */
  baseUrl: string;
  name: string;
  sessionChoice: boolean;
  lockDevices: boolean;
  passwordReset: boolean;
  recoveryKeyReset: boolean;
  custody: boolean;
  info: HoldfastInfo | null;
}

/** What was typed cannot be a homeserver, or nothing there speaks Matrix. */
export class NoHomeserverError extends Error {}

interface Versions {
  versions?: string[];
  unstable_features?: Record<string, boolean>;
}

interface WellKnown {
  "m.homeserver"?: { base_url?: string };
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, "");
}

function isLocal(host: string): boolean {
  return /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host);
}

/** Asks the server at `baseUrl` what it can do. */
export async function inspectServer(baseUrl: string, name?: string): Promise<Server> {
  const base = trimmed(baseUrl);
  const { versions, unstable_features } = await send<Versions>(base, {
    method: "GET",
    path: "/_matrix/client/versions",
  });
  if (!Array.isArray(versions) || versions.length === 0) throw new NoHomeserverError(base);
  const has = (feature: string) => unstable_features?.[`dev.holdfast.${feature}`] === true;
  const info = has("info")
    ? await send<HoldfastInfo>(base, { method: "GET", path: extraPath("info") })
    : null;
  return {
    baseUrl: base,
    name: info?.server_name ?? name ?? new URL(base).host,
    sessionChoice: has("session_choice"),
    lockDevices: has("lock_devices"),
    passwordReset: has("password_reset"),
    recoveryKeyReset: has("recovery_key_reset"),
    custody: has("custody"),
    info,
  };
}

/**
 * The base address behind a server name: what its `.well-known` file says, else the name itself.
 * A file that is missing is usual; one that is there and wrong must not be guessed around
 * (Client-Server API, "Well-known URI": FAIL_PROMPT).
 */
async function lookUp(name: string): Promise<string> {
  const origin = isLocal(name) ? `http://${name}` : `https://${name}`;
  try {
    const known = await fetchJson<WellKnown>(`${origin}/.well-known/matrix/client`);
    const base = known["m.homeserver"]?.base_url;
    if (base === undefined) return origin;
    if (!URL.canParse(base)) throw new NoHomeserverError(name);
    return base;
  } catch (error) {
    if (error instanceof MatrixError || error instanceof UnreachableError) return origin;
    throw error;
  }
}

/** Finds the homeserver for what a person typed: a server name, a user ID or an address. */
export async function findServer(typed: string): Promise<Server> {
  const text = typed.trim().replace(/^@[^:]*:/, "");
  try {
    if (/^https?:\/\//.test(text)) return await inspectServer(new URL(text).href);
    const name = text.toLowerCase();
    if (!/^[a-z0-9.-]+(:\d+)?$/.test(name)) throw new NoHomeserverError(typed);
    return await inspectServer(await lookUp(name), name);
  } catch (error) {
    if (error instanceof MatrixError || error instanceof TypeError)
      throw new NoHomeserverError(typed);
    throw error;
  }
}
