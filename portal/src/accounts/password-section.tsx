import { type ReactNode, useState } from "react";
import {
  AccountName,
  isAcceptable,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { usualPolicy } from "../credentials/policy.ts";
import { Checklist } from "../custody/checklist.tsx";
import { Decide } from "../custody/decide.tsx";
import { fetchReport, type Report } from "../custody/report.ts";
import type { Server } from "../discovery/server.ts";
import { useTexts } from "../kit/i18n.ts";
import { useLoaded } from "../kit/loaded.ts";
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

/** Shows the dialog that exports room keys; the encryption is loaded for it only. */
export type ExportKeys = (session: OpenSession, onClose: () => void) => ReactNode;

interface PasswordSectionProps {
  session: OpenSession;
  server: Server;
  exportKeys: ExportKeys;
}

/** What the change did, with the sessions as they were before it. */
interface Changed {
  outcome: FateOutcome | null;
  devices: Device[];
}

/** Changes the account password and decides what becomes of the other sessions. */
export function PasswordSection(props: PasswordSectionProps) {
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
        <Change {...props} onDone={setChanged} />
      )}
    </Section>
  );
}

interface ChangeProps extends PasswordSectionProps {
  onDone: (changed: Changed) => void;
}

/** Looks what the change would cost first, where the server can tell. */
function Change(props: ChangeProps) {
  return props.server.custody ? <InformedChange {...props} /> : <ChangeForm {...props} />;
}

function InformedChange(props: ChangeProps) {
  const t = useTexts();
  const { value: report, problem } = useLoaded(fetchReport);
  if (problem) {
    // Whoever has to change it at once must not be kept from it by a report that cannot be made.
    return (
      <>
        <ProblemNotice problem={problem} />
        <ChangeForm {...props} />
      </>
    );
  }
  if (!report) return <p role="status">{t("sessions.loading")}</p>;
  return (
    <>
      <h3>{t("change.before")}</h3>
      <Checklist report={report} own={props.session.deviceId} />
      <ChangeForm {...props} report={report} />
    </>
  );
}

interface ChangeFormProps extends ChangeProps {
  report?: Report;
}

function ChangeForm({ session, server, exportKeys, report, onDone }: ChangeFormProps) {
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
  const clear = () => {
    setCurrent("");
    setValue(noPassword);
    setChoice(lockAll);
    task.fail(null);
  };
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
  const deciding = { devices: others, value: choice, onChange: setChoice };
  return (
    <Form onSubmit={submit}>
      <CurrentPassword userId={session.userId} value={current} onChange={setCurrent} />
      <NewPasswordFields
        label={t("password.new")}
        value={value}
        onChange={setValue}
        policy={policy}
        owner={owner}
      />
      <ProblemNotice problem={loadProblem} />
      {report && devices ? <Decide report={report} own={session.deviceId} {...deciding} /> : null}
      {!report && devices && server.sessionChoice ? (
        <FateFields which="others" {...deciding} />
      ) : null}
      {server.sessionChoice ? null : (
        <SignOutOthers value={signOutOthers} onChange={setSignOutOthers} />
      )}
      <ProblemNotice problem={task.problem} />
      <div className="actions">
        <Button type="submit" look="main" busy={task.busy}>
          {t(report ? "change.continue" : "change.submit")}
        </Button>
        {report ? (
          <>
            <ExportButton session={session} exportKeys={exportKeys} />
            <Button onPress={clear}>{t("action.cancel")}</Button>
          </>
        ) : null}
      </div>
    </Form>
  );
}

interface CurrentPasswordProps {
  userId: string;
  value: string;
  onChange: (value: string) => void;
}

function CurrentPassword({ userId, value, onChange }: CurrentPasswordProps) {
  const t = useTexts();
  return (
    <>
      <AccountName userId={userId} />
      <SecretField
        label={t("password.current")}
        name="current-password"
        autoComplete="current-password"
        value={value}
        onChange={onChange}
        isRequired
      />
      <p className="aside">
        <Link to="/forgot">{t("signin.forgot")}</Link>
      </p>
    </>
  );
}

/** Just to be on the safe side: the keys of this session in a file. */
function ExportButton({ session, exportKeys }: Pick<ChangeProps, "session" | "exportKeys">) {
  const t = useTexts();
  const [exporting, setExporting] = useState(false);
  return (
    <>
      <Button onPress={() => setExporting(true)}>{t("change.export")}</Button>
      {exporting ? exportKeys(session, () => setExporting(false)) : null}
    </>
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
