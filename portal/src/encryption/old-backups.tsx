import { exactTime } from "../kit/format.ts";
import { useLanguage, useTexts } from "../kit/i18n.ts";
import { useLoaded } from "../kit/loaded.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Section } from "../kit/ui/page.tsx";
import type { OpenSession } from "../sessions/stored.ts";
import { useProver } from "../uia/prove-dialog.tsx";
import { bringBack, oldBackups } from "./backup-history.ts";

interface OldBackupsProps {
  session: OpenSession;
  onChanged: () => Promise<void>;
}

/** Key backups that were turned off or replaced, while the server can bring them back. */
export function OldBackups({ session, onChanged }: OldBackupsProps) {
  const t = useTexts();
  const language = useLanguage();
  const { value, reload } = useLoaded(oldBackups);
  const task = useTask();
  const { prove, dialog } = useProver(session, t("old.bring_back"));
  if (!value || value.length === 0) return null;
  const choose = (id: string) =>
    task.run(async () => {
      await bringBack(id, prove);
      await Promise.all([reload(), onChanged()]);
    });
  return (
    <Section id="old-backups" title={t("old.title")}>
      <p>{t("old.intro")}</p>
      <ProblemNotice problem={task.problem} />
      <ul className="plain-list">
        {value.map((old) => (
          <li key={old.id} className="address-row">
            <span>
              {t("old.backup", {
                version: old.version,
                keys: old.count,
                date: exactTime(old.gone_ts, language),
              })}
            </span>
            <Button
              look="quiet"
              busy={task.busy}
              label={t("old.bring_back_named", { version: old.version })}
              onPress={() => void choose(old.id)}
            >
              {t("old.bring_back")}
            </Button>
          </li>
        ))}
      </ul>
      {dialog}
    </Section>
  );
}
