import { useState } from "react";
import {
  AccountName,
  isAcceptable,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { usualPolicy } from "../credentials/policy.ts";
import type { Server } from "../discovery/server.ts";
import { useTexts } from "../kit/i18n.ts";
import { Link } from "../kit/router.tsx";
import { useTask } from "../kit/task.ts";
import { Callout, Finished, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { SecretField } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { Section } from "../kit/ui/page.tsx";
import { Tick } from "../kit/ui/tick.tsx";
import type { Device } from "../sessions/devices.ts";
import { useDevices } from "../sessions/devices.ts";
import { type FateOutcome, lockAll } from "../sessions/fate.ts";
import { FateFields } from "../sessions/fate-fields.tsx";
import { Outcome } from "../sessions/outcome.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { changePassword } from "./change-password.ts";

interface PasswordSectionProps {
  session: OpenSession;
  server: Server;
}

/** What the change did, with the sessions as they were before it. */
interface Changed {
  outcome: FateOutcome | null;
  devices: Device[];
}

/** Changes the account password and decides what becomes of the other sessions. */
export function PasswordSection({ session, server }: PasswordSectionProps) {
  const t = useTexts();
  const [changed, setChanged] = useState<Changed | null>(null);
  return (
    <Section id="account-password" title={t("change.title")}>
      {changed ? (
        <>
          <Finished>{t("change.done")}</Finished>
          {changed.outcome ? (
            <Outcome outcome={changed.outcome} devices={changed.devices} heading="h3" />
          ) : null}
          <div>
            <Button onPress={() => setChanged(null)}>{t("change.again")}</Button>
          </div>
        </>
      ) : (
        <ChangeForm session={session} server={server} onDone={setChanged} />
      )}
    </Section>
  );
}

interface ChangeFormProps extends PasswordSectionProps {
  onDone: (changed: Changed) => void;
}

function ChangeForm({ session, server, onDone }: ChangeFormProps) {
  const t = useTexts();
  const { devices, problem: loadProblem } = useDevices();
  const [current, setCurrent] = useState("");
  const [value, setValue] = useState(noPassword);
  const [choice, setChoice] = useState(lockAll);
  const [signOutOthers, setSignOutOthers] = useState(false);
  const task = useTask({ M_FORBIDDEN: "change.wrong_current" });
  const policy = server.info?.password_policy ?? usualPolicy;
  const owner = { userId: session.userId };
  const others = devices?.filter((device) => device.device_id !== session.deviceId) ?? [];
  const submit = () => {
    setValue({ ...value, checked: true });
    if (current === "") return task.fail({ key: "change.missing_current" });
    if (!isAcceptable(value, policy, owner)) return;
    void task.run(async () => {
      const fates = server.sessionChoice ? { choice } : { signOutOthers };
      const outcome = await changePassword(session.userId, current, value.password, fates);
      onDone({ outcome, devices: others });
    });
  };
  return (
    <Form onSubmit={submit}>
      <AccountName userId={session.userId} />
      <SecretField
        label={t("password.current")}
        name="current-password"
        autoComplete="current-password"
        value={current}
        onChange={setCurrent}
        isRequired
      />
      <p className="aside">
        <Link to="/forgot">{t("signin.forgot")}</Link>
      </p>
      <NewPasswordFields
        label={t("password.new")}
        value={value}
        onChange={setValue}
        policy={policy}
        owner={owner}
      />
      <ProblemNotice problem={loadProblem} />
      {server.sessionChoice ? (
        devices && (
          <FateFields which="others" devices={others} value={choice} onChange={setChoice} />
        )
      ) : (
        <SignOutOthers value={signOutOthers} onChange={setSignOutOthers} />
      )}
      <ProblemNotice problem={task.problem} />
      <Button type="submit" look="main" busy={task.busy}>
        {t("change.submit")}
      </Button>
    </Form>
  );
}

interface SignOutOthersProps {
  value: boolean;
  onChange: (value: boolean) => void;
}

/** All that servers without Holdfast's extras offer, with what it costs. */
function SignOutOthers({ value, onChange }: SignOutOthersProps) {
  const t = useTexts();
  return (
    <>
      <Tick isSelected={value} onChange={onChange}>
        {t("logout_others.tick")}
      </Tick>
      <Callout look={value ? "warning" : "info"}>
        {t(value ? "logout_others.cost" : "logout_others.kept")}
      </Callout>
    </>
  );
}
