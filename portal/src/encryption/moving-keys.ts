import type { IMegolmSessionData } from "matrix-js-sdk";
import type { TextKey } from "../kit/i18n.ts";
import { Told } from "../kit/problem.ts";
import type { FileTrouble } from "./key-file.ts";
import { type Delivery, deliver, type Order } from "./key-file-order.ts";
import type { Machine } from "./machine.ts";
import type { OnProgress } from "./unlocking.ts";

const troubles: Record<FileTrouble, TextKey> = {
  not_a_file: "import.not_a_file",
  damaged: "import.damaged",
  wrong_passphrase: "import.wrong_passphrase",
};

/** Does it beside the page; where the browser starts no worker (without a network), in the page. */
async function work(order: Order): Promise<string> {
  const delivery = await inWorker(order).catch(() => deliver(order));
  if ("trouble" in delivery) throw new Told(troubles[delivery.trouble]);
  if ("error" in delivery) throw new Error(delivery.error);
  return delivery.text;
}

async function inWorker(order: Order): Promise<Delivery> {
  const worker = new Worker(new URL("./key-file-worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<Delivery>((resolve, reject) => {
      worker.onmessage = (event: MessageEvent<Delivery>) => resolve(event.data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error("the worker did not start"));
      };
      worker.postMessage(order);
    });
  } finally {
    worker.terminate();
  }
}

/** The file of all this session's room keys, and how many they are. */
export async function exportKeys({ crypto }: Machine, passphrase: string) {
  const text = await crypto.exportRoomKeysAsJson();
  const count = (JSON.parse(text) as unknown[]).length;
  return { count, file: await work({ what: "encrypt", text, passphrase }) };
}

/** What an import brought. */
export interface Imported {
  fresh: number;
  known: number;
  /** Reach further back than the key that was here: taken in its place. */
  better: number;
  /** Reach less far back than the key that is here: left out. */
  worse: number;
  rooms: number;
}

/** Takes in the room keys of a file; throws `Told` where it cannot be read. */
export async function importKeys(
  machine: Machine,
  file: string,
  passphrase: string,
  onProgress: OnProgress,
): Promise<Imported> {
  const json = await work({ what: "decrypt", text: file, passphrase });
  const keys = readKeys(json);
  const held = indexes(await machine.crypto.exportRoomKeys());
  const found = compare(keys, held);
  const atOnce = 500;
  for (let start = 0; start < keys.length; start += atOnce) {
    await machine.crypto.importRoomKeys(keys.slice(start, start + atOnce));
    onProgress({ done: Math.min(start + atOnce, keys.length), total: keys.length });
    await new Promise((resolve) => setTimeout(resolve));
  }
  return found;
}

function readKeys(json: string): IMegolmSessionData[] {
  const keys: unknown = JSON.parse(json);
  if (!Array.isArray(keys)) throw new Told("import.damaged");
  return keys as IMegolmSessionData[];
}

function nameOf(key: IMegolmSessionData): string {
  return `${key.room_id} ${key.session_id}`;
}

/** From which message on each key opens its room. */
function indexes(keys: readonly IMegolmSessionData[]): Map<string, number> {
  return new Map(keys.map((key) => [nameOf(key), indexOf(key)]));
}

/** The message index in an exported key: four bytes after its version ("Megolm session export"). */
function indexOf({ session_key: key }: IMegolmSessionData): number {
  const bytes = Uint8Array.from(atob(key.slice(0, 8)), (letter) => letter.charCodeAt(0));
  return bytes.length < 5 ? 0 : new DataView(bytes.buffer).getUint32(1);
}

/** How keys of a file stand to those that are here. */
export function compare(
  keys: readonly IMegolmSessionData[],
  held: ReadonlyMap<string, number>,
): Imported {
  const found = { fresh: 0, known: 0, better: 0, worse: 0 };
  for (const key of keys) {
    const here = held.get(nameOf(key));
    const index = indexOf(key);
    if (here === undefined) found.fresh += 1;
    else if (index === here) found.known += 1;
    else found[index < here ? "better" : "worse"] += 1;
  }
  return { ...found, rooms: new Set(keys.map((key) => key.room_id)).size };
}
