import { type ReactNode, useState } from "react";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { useFocusCatcher } from "../kit/ui/focus.ts";

interface CheckMailProps {
  email: string;
  onSendAgain: () => Promise<void>;
  onWrongAddress: () => void;
  children?: ReactNode;
}

/** "Check your mail", with the two ways out when none comes. */
export function CheckMail({ email, onSendAgain, onWrongAddress, children }: CheckMailProps) {
  const t = useTexts();
  const place = useFocusCatcher<HTMLParagraphElement>();
  const [sentAgain, setSentAgain] = useState(0);
  const task = useTask();
  const sendAgain = async () => {
    if (await task.run(onSendAgain)) setSentAgain((times) => times + 1);
  };
  return (
    <div className="form">
      <p ref={place} tabIndex={-1}>
        {t("mail.sent_to", { email })}
      </p>
      {children}
      <p className="hint">{t("mail.where")}</p>
      {sentAgain > 0 ? (
        <Notice key={sentAgain} look="good">
          {t("mail.sent_again")}
        </Notice>
      ) : null}
      <ProblemNotice problem={task.problem} />
      <div className="actions">
        <Button onPress={sendAgain} busy={task.busy}>
          {t("mail.send_again")}
        </Button>
        <Button onPress={onWrongAddress}>{t("mail.wrong_address")}</Button>
      </div>
    </div>
  );
}
