import { clientPath } from "../kit/http.ts";
import { useLoaded } from "../kit/loaded.ts";
import { sendSigned } from "../sessions/authed.ts";
import { credentialsOf, type EmailValidation, type TokenRequest } from "../uia/email-validation.ts";
import type { Proof } from "../uia/flow.ts";

/** An e-mail address or phone number of the account. */
export interface Address {
  medium: "email" | "msisdn";
  address: string;
}

async function listAddresses(): Promise<Address[]> {
  const answer = await sendSigned<{ threepids: Address[] }>({
    method: "GET",
    path: clientPath("account", "3pid"),
  });
  return answer.threepids;
}

export function requestAddressMail(body: TokenRequest): Promise<{ sid: string }> {
  return sendSigned({
    method: "POST",
    path: clientPath("account", "3pid", "email", "requestToken"),
    body,
  });
}

/** Adds an address whose mailed link was followed; the server wants a proof. */
export async function addAddress(validation: EmailValidation, proof?: Proof): Promise<void> {
  await sendSigned({
    method: "POST",
    path: clientPath("account", "3pid", "add"),
    body: { ...credentialsOf(validation), ...(proof ? { auth: proof } : {}) },
  });
}

/** Removes an address; Holdfast wants a proof, other servers ignore it. */
export async function removeAddress(address: Address, proof?: Proof): Promise<void> {
  await sendSigned({
    method: "POST",
    path: clientPath("account", "3pid", "delete"),
    body: {
      medium: address.medium,
      address: address.address,
      ...(proof ? { auth: proof } : {}),
    },
  });
}

/** The account's addresses, loaded when the component appears and again on `reload`. */
export function useAddresses() {
  const { value, problem, reload } = useLoaded(listAddresses);
  return { addresses: value, problem, reload };
}
