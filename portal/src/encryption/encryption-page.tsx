import { CryptoEvent, type VerificationRequest } from "matrix-js-sdk/lib/crypto-api";
import { useEffect, useState } from "react";
import { useServerAt } from "../discovery/chosen.ts";
import { type TextKey, useTexts } from "../kit/i18n.ts";
import { usePlace } from "../kit/router.tsx";
import { Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Page, Section } from "../kit/ui/page.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { EmojiDialog } from "./emoji.tsx";
import type { Facts } from "./facts.ts";
import { Glance } from "./glance.tsx";
import { JobDialog } from "./job-dialog.tsx";
import { askedFor, type Job } from "./jobs.ts";
import type { Machine } from "./machine.ts";
import { OldBackups } from "./old-backups.tsx";
import { OtherDevices } from "./other-devices.tsx";
import { useFacts } from "./use-facts.ts";
import { WithMachine } from "./with-machine.tsx";

/** Is my encryption healthy, can I get my messages back, what do I have to do? */
export function EncryptionPage({ session }: { session: OpenSession }) {
  const t = useTexts();
  return (
    <Page title={t("encryption.title")}>
      <p>{t("encryption.intro")}</p>
      <WithMachine session={session}>
        {(machine) => <Encryption machine={machine} session={session} />}
      </WithMachine>
    </Page>
  );
}

interface EncryptionProps {
  machine: Machine;
  session: OpenSession;
}

function Encryption({ machine, session }: EncryptionProps) {
  const t = useTexts();
  const { facts, problem, reload } = useFacts(machine);
  const { query } = usePlace();
  const [job, setJob] = useState<Job | null>(() => askedFor(query));
  const [request, setRequest] = useState<VerificationRequest | null>(null);
  useIncoming(machine, setRequest);
  const close = () => {
    setJob(null);
    setRequest(null);
    void reload();
  };
  const compare = (asked: VerificationRequest) => {
    setJob(null);
    setRequest(asked);
  };
  if (!facts) {
    return problem ? (
      <ProblemNotice problem={problem} />
    ) : (
      <p role="status">{t("encryption.looking")}</p>
    );
  }
  return (
    <>
      <ProblemNotice problem={problem} />
      <Glance facts={facts} onJob={setJob} />
      <StorageNote />
      <Jobs facts={facts} session={session} onJob={setJob} />
      <OtherDevices machine={machine} facts={facts} onRequest={compare} />
      <OldBackups session={session} onChanged={reload} key={facts.backup?.version ?? "off"} />
      {job ? (
        <JobDialog
          job={job}
          session={session}
          machine={machine}
          facts={facts}
          onJob={setJob}
          onRequest={compare}
          onClose={close}
        />
      ) : null}
      {request ? <EmojiDialog request={request} onClose={close} /> : null}
    </>
  );
}

/** Shows what other sessions ask for. */
function useIncoming({ client }: Machine, show: (request: VerificationRequest) => void) {
  useEffect(() => {
    const asked = (request: VerificationRequest) => {
      if (request.isSelfVerification) show(request);
    };
    client.on(CryptoEvent.VerificationRequestReceived, asked);
    return () => {
      client.off(CryptoEvent.VerificationRequestReceived, asked);
    };
  }, [client, show]);
}

/** Says so where the browser may throw the keys away by itself, as in a private window. */
function StorageNote() {
  const t = useTexts();
  const [kept, setKept] = useState(true);
  useEffect(() => {
    navigator.storage?.persisted?.().then(setKept, () => undefined);
  }, []);
  return kept ? null : <Notice look="info">{t("machine.not_persistent")}</Notice>;
}

interface JobsProps {
  facts: Facts;
  session: OpenSession;
  onJob: (job: Job) => void;
}

/** Everything there is to do, as far as it makes sense now. */
function Jobs({ facts, session, onJob }: JobsProps) {
  const t = useTexts();
  const server = useServerAt(session.baseUrl, session.serverName);
  const extras = server.status === "ready" && server.server.recoveryKeyReset;
  const ready = facts.identity && facts.verified;
  const offered: [boolean, Job, TextKey, TextKey][] = [
    [facts.keyId !== null, "test", "job.test", "job.test_hint"],
    [facts.backup !== null, "restore", "job.restore", "job.restore_hint"],
    [true, "export", "job.export", "job.export_hint"],
    [true, "import", "job.import", "job.import_hint"],
    [ready && facts.keyId !== null, "new_key", "job.new_key", "job.new_key_hint"],
    [
      ready && facts.keyId !== null && extras,
      "recovery_reset",
      "job.key_reset",
      "job.key_reset_hint",
    ],
    [ready && facts.backup !== null && extras, "heal", "job.heal", "job.heal_hint"],
    [ready && facts.backup !== null, "backup_off", "job.backup_off", "job.backup_off_hint"],
    [facts.identity, "reset", "job.reset", "job.reset_hint"],
  ];
  return (
    <Section id="jobs" title={t("jobs.title")}>
      <ul className="plain-list">
        {offered
          .filter(([makesSense]) => makesSense)
          .map(([, job, name, hint]) => (
            <li key={job} className="address-row">
              <span className="job-text">{t(hint)}</span>
              <Button
                look={job === "reset" || job === "backup_off" ? "danger" : "plain"}
                onPress={() => onJob(job)}
              >
                {t(name)}
              </Button>
            </li>
          ))}
      </ul>
    </Section>
  );
}
