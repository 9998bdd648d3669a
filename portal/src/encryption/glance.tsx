import { exactTime } from "../kit/format.ts";
import { type TextKey, useLanguage, useTexts } from "../kit/i18n.ts";
import { Callout } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Section } from "../kit/ui/page.tsx";
import { ProgressBar } from "../kit/ui/progress.tsx";
import type { Facts } from "./facts.ts";
import type { Job } from "./jobs.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

interface Judgement {
  look: "good" | "info" | "warning";
  text: TextKey;
  /** The one next step, and what its button says. */
  next?: [Job, TextKey];
}

const judgements: Record<Verdict, Judgement> = {
  nothing: { look: "warning", text: "glance.nothing", next: ["set_up", "job.set_up"] },
  stranded: { look: "warning", text: "glance.stranded", next: ["reset", "job.reset"] },
  unverified: { look: "warning", text: "glance.unverified", next: ["verify", "job.verify"] },
  no_key: { look: "warning", text: "glance.no_key", next: ["new_key", "job.make_key"] },
  incomplete: { look: "warning", text: "glance.incomplete", next: ["new_key", "job.new_key"] },
  no_backup: { look: "warning", text: "glance.no_backup", next: ["backup_on", "job.backup_on"] },
  no_way_in: { look: "warning", text: "glance.no_way_in", next: ["backup_on", "job.backup_on"] },
  not_connected: {
    look: "warning",
    text: "glance.not_connected",
    next: ["restore", "job.connect"],
  },
  waiting: { look: "info", text: "glance.waiting" },
  others: { look: "warning", text: "glance.others" },
  not_backing_up: { look: "info", text: "glance.not_backing_up" },
  unproven: { look: "info", text: "glance.unproven", next: ["test", "job.test"] },
  good: { look: "good", text: "glance.good" },
};

interface GlanceProps {
  facts: Facts;
  onJob: (job: Job) => void;
}

/** One sentence on how things are, the one next step, and the facts behind it. */
export function Glance({ facts, onJob }: GlanceProps) {
  const t = useTexts();
  const judgement = judgements[verdictOf(facts)];
  const unverified = facts.others.filter((one) => !one.verified).length;
  const { next } = judgement;
  return (
    <Section id="glance" title={t("glance.title")}>
      <Callout look={judgement.look}>
        <p>{t(judgement.text, { count: unverified })}</p>
        {next ? (
          <div>
            <Button look="main" onPress={() => onJob(next[0])}>
              {t(next[1])}
            </Button>
          </div>
        ) : null}
      </Callout>
      <FactList facts={facts} />
    </Section>
  );
}

function FactList({ facts }: { facts: Facts }) {
  const t = useTexts();
  const language = useLanguage();
  const { roomKeys, backup } = facts;
  const waiting = roomKeys.total - roomKeys.backedUp;
  const rows: [TextKey, string][] = [
    ["fact.identity", t(facts.identity ? "fact.there" : "fact.missing")],
    ["fact.this_session", t(facts.verified ? "fact.verified" : "fact.not_verified")],
    ["fact.recovery_key", t(facts.keyId ? "fact.secrets" : "fact.missing", { n: facts.secrets })],
    ["fact.proven", facts.provenAt ? exactTime(facts.provenAt, language) : t("fact.never")],
    ["fact.backup", backup ? t("fact.backup_on", backup) : t("fact.off")],
    ["fact.connected", t(facts.connected ? "fact.yes" : "fact.no")],
  ];
  return (
    <>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {facts.connected ? (
        <>
          <ProgressBar label={t("fact.keys")} done={roomKeys.backedUp} total={roomKeys.total} />
          {waiting > 0 ? <p className="hint">{t("fact.waiting", { count: waiting })}</p> : null}
        </>
      ) : null}
    </>
  );
}
