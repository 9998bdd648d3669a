import { afterEach, beforeEach, vi } from "vitest";

/** A request as a homeserver would see it. */
export interface Seen {
  method: string;
  url: URL;
  headers: Headers;
  body: Record<string, unknown>;
}

/** An answer: status and JSON. */
export type Reply = [status: number, body: object];

/** Requests go to `answer` instead of the network; what was sent can be looked at afterwards. */
export function answering(answer: (request: Seen) => Reply | Promise<Reply>): Seen[] {
  const seen: Seen[] = [];
  vi.stubGlobal("fetch", async (address: string, init: RequestInit) => {
    const body: Record<string, unknown> = JSON.parse(String(init.body ?? "{}"));
    const request = {
      method: init.method ?? "GET",
      url: new URL(address),
      headers: new Headers(init.headers),
      body,
    };
    seen.push(request);
    const [status, json] = await answer(request);
    return new Response(JSON.stringify(json), { status });
  });
  return seen;
}

/** Nothing answers at all. */
export function silent(): void {
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("Failed to fetch");
  });
}

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());
