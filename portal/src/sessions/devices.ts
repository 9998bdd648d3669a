import { clientPath, extraPath } from "../kit/http.ts";
import { useLoaded } from "../kit/loaded.ts";
import type { Proof } from "../uia/flow.ts";
import { sendSigned } from "./authed.ts";

/** A session of the account, as `/devices` lists it. */
export interface Device {
  device_id: string;
  display_name?: string | null;
  last_seen_ts?: number | null;
  last_seen_ip?: string | null;
  "org.matrix.msc3852.last_seen_user_agent"?: string | null;
  "dev.holdfast.state"?: "signed_in" | "locked";
  "dev.holdfast.locked_ts"?: number | null;
  "dev.holdfast.paused"?: true;
  "dev.holdfast.removal_ts"?: number | null;
}

export function isLocked(device: Device): boolean {
  return device["dev.holdfast.state"] === "locked";
}

/** Newest first; sessions that were never seen come last. */
export function byLastSeen(devices: readonly Device[]): Device[] {
  return [...devices].sort((one, other) => (other.last_seen_ts ?? 0) - (one.last_seen_ts ?? 0));
}

export async function listDevices(): Promise<Device[]> {
  const answer = await sendSigned<{ devices: Device[] }>({
    method: "GET",
    path: clientPath("devices"),
  });
  return byLastSeen(answer.devices);
}

export async function renameDevice(id: string, name: string): Promise<void> {
  await sendSigned({
    method: "PUT",
    path: clientPath("devices", id),
    body: { display_name: name },
  });
}

export async function lockDevices(ids: readonly string[]): Promise<void> {
  await sendSigned({ method: "POST", path: extraPath("lock_devices"), body: { devices: ids } });
}

/** Lets paused sessions go on with the tokens they have; the server wants the account password. */
export async function letInDevices(ids: readonly string[], proof?: Proof): Promise<void> {
  await sendSigned({
    method: "POST",
    path: extraPath("let_in_devices"),
    body: { devices: ids, ...(proof ? { auth: proof } : {}) },
  });
}

/** Removes sessions for good; the server wants a proof. */
export async function removeDevices(ids: readonly string[], proof?: Proof): Promise<void> {
  await sendSigned({
    method: "POST",
    path: clientPath("delete_devices"),
    body: { devices: ids, ...(proof ? { auth: proof } : {}) },
  });
}

/** The account's sessions, loaded when the component appears and again on `reload`. */
export function useDevices() {
  const { value, problem, reload } = useLoaded(listDevices);
  return { devices: value, problem, reload };
}
