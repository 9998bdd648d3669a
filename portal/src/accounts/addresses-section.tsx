import { useState } from "react";
import type { Server } from "../discovery/server.ts";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Callout, Done, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Section } from "../kit/ui/page.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { withProofs } from "../uia/flow.ts";
import { useProver } from "../uia/prove-dialog.tsx";
import { AddAddress } from "./add-address.tsx";
import { type Address, removeAddress, useAddresses } from "./addresses.ts";

interface AddressesSectionProps {
  session: OpenSession;
  server: Server;
}

/** The e-mail addresses (and phone numbers) of the account: the way back to it. */
export function AddressesSection({ session, server }: AddressesSectionProps) {
  const t = useTexts();
  const { addresses, problem, reload } = useAddresses();
  const { prove, dialog } = useProver(session, t("addresses.remove"));
  const [done, setDone] = useState<TextKey | null>(null);
  const task = useTask();
  const remove = (address: Address) => {
    setDone(null);
    return task.run(async () => {
      await withProofs((proof) => removeAddress(address, proof), prove);
      await reload();
      setDone("addresses.removed");
    });
  };
  const added = async () => {
    await reload();
    setDone("addresses.added");
  };
  return (
    <Section id="addresses" title={t("addresses.title")}>
      <p>{t("addresses.intro")}</p>
      <ProblemNotice problem={problem} />
      {addresses?.length === 0 ? (
        <Callout look="warning">{t("addresses.none")}</Callout>
      ) : (
        <ul className="plain-list">
          {addresses?.map((address) => (
            <li key={address.address} className="address-row">
              <span>{address.medium === "msisdn" ? `+${address.address}` : address.address}</span>
              <Button
                look="quiet"
                label={t("addresses.remove_named", { address: address.address })}
                onPress={() => remove(address)}
              >
                {t("addresses.remove")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {done ? <Done>{t(done)}</Done> : null}
      <ProblemNotice problem={task.problem} />
      {server.info && !server.info.mail ? (
        <Callout look="info">{t("addresses.no_mail")}</Callout>
      ) : (
        <AddAddress session={session} onStart={() => setDone(null)} onAdded={added} />
      )}
      {dialog}
    </Section>
  );
}
