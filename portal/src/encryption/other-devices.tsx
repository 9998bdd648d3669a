import type { VerificationRequest } from "matrix-js-sdk/lib/crypto-api";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Section } from "../kit/ui/page.tsx";
import { asking } from "./asking.ts";
import type { Facts, OtherSession } from "./facts.ts";
import type { Machine } from "./machine.ts";

interface OtherDevicesProps {
  machine: Machine;
  facts: Facts;
  onRequest: (request: VerificationRequest) => void;
}

/** The other sessions: whether they are verified and store their keys; verifying them from here. */
export function OtherDevices({ machine, facts, onRequest }: OtherDevicesProps) {
  const t = useTexts();
  const task = useTask();
  if (facts.others.length === 0) return null;
  const verify = (id: string) =>
    task.run(async () => {
      const userId = machine.client.getSafeUserId();
      onRequest(await asking(() => machine.crypto.requestDeviceVerification(userId, id)));
    });
  return (
    <Section id="others" title={t("sessions.others")}>
      <ProblemNotice problem={task.problem} />
      <ul className="plain-list">
        {facts.others.map((one) => (
          <li key={one.id} className="address-row">
            <OtherDevice session={one} />
            {one.verified || !facts.verified ? null : (
              <Button
                look="quiet"
                label={t("others.verify_named", { session: nameOf(one) })}
                onPress={() => void verify(one.id)}
              >
                {t("others.verify")}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function nameOf({ name, id }: OtherSession): string {
  return name ?? id;
}

function OtherDevice({ session }: { session: OtherSession }) {
  const t = useTexts();
  return (
    <div>
      <span className="device-name">{nameOf(session)}</span>
      <span className="device-facts">
        <span>{t(session.verified ? "fact.verified" : "fact.not_verified")}</span>
        {session.backingUp === null ? null : (
          <span>{t(session.backingUp ? "others.stores" : "others.stores_nothing")}</span>
        )}
      </span>
    </div>
  );
}
