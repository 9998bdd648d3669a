/** A mail with a link that proves control over an address, and the secret that belongs to it. */
export interface EmailValidation {
  email: string;
  secret: string;
  attempt: number;
  sid: string;
}

/** The body of a `requestToken` call. */
export interface TokenRequest {
  email: string;
  client_secret: string;
  send_attempt: number;
}

export type RequestToken = (body: TokenRequest) => Promise<{ sid: string }>;

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Has a mail sent to `email`. With `former`, sends another one for the same address; without a
 * higher attempt the server would rightly not send the same mail twice.
 */
export async function askForMail(
  requestToken: RequestToken,
  email: string,
  former?: EmailValidation,
): Promise<EmailValidation> {
  const again = former?.email === email ? former : null;
  const secret = again?.secret ?? newSecret();
  const attempt = (again?.attempt ?? 0) + 1;
  const { sid } = await requestToken({ email, client_secret: secret, send_attempt: attempt });
  return { email, secret, attempt, sid };
}

/** What proves to the server that the link in the mail was followed. */
export function credentialsOf(validation: EmailValidation): { sid: string; client_secret: string } {
  return { sid: validation.sid, client_secret: validation.secret };
}

/** Enough to catch slips; whether the address exists only a mail can tell. */
export function looksLikeEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text.trim());
}
