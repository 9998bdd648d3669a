import type { Server } from "../discovery/server.ts";
import { extraPath } from "../kit/http.ts";
import { chooseLanguage, languageNames, languages, useLanguage, useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Choice } from "../kit/ui/field.tsx";
import { Section } from "../kit/ui/page.tsx";
import { sendSigned } from "../sessions/authed.ts";

const options = languages.map((language) => ({ value: language, text: languageNames[language] }));

/** The language of the portal in this browser. */
export function LanguageChoice() {
  const t = useTexts();
  return (
    <Choice
      label={t("language.label")}
      value={useLanguage()}
      options={options}
      onChange={(language) => void chooseLanguage(language)}
    />
  );
}

/** The language of the portal and, where the server can, of the mails it sends. */
export function LanguageSection({ server }: { server: Server }) {
  const t = useTexts();
  const task = useTask();
  const choose = (language: (typeof languages)[number]) =>
    task.run(async () => {
      await chooseLanguage(language);
      if (!server.info) return;
      await sendSigned({ method: "PUT", path: extraPath("language"), body: { language } });
    });
  return (
    <Section id="language" title={t("language.title")}>
      <Choice
        label={t("language.label")}
        value={useLanguage()}
        options={options}
        onChange={choose}
      />
      {server.info ? <p className="hint">{t("language.mails")}</p> : null}
      <ProblemNotice problem={task.problem} />
    </Section>
  );
}
