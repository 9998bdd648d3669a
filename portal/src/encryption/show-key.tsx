import { useState } from "react";
import { useTexts } from "../kit/i18n.ts";
import { Callout, Notice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { download } from "../kit/ui/file-field.tsx";

interface ShowKeyProps {
  text: string;
  userId: string;
  onKept: () => void;
  onClose: () => void;
}

/** A new recovery key, in groups of four, with every way to keep it. */
export function ShowKey({ text, userId, onKept, onClose }: ShowKeyProps) {
  const t = useTexts();
  const [copied, setCopied] = useState(false);
  const file = `${t("key.file_title", { user: userId })}\n\n${text}\n\n${t("key.file_hint")}\n`;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="form">
      <p>{t("key.keep")}</p>
      <div className="recovery-key">
        <p className="print-only">{t("key.file_title", { user: userId })}</p>
        <code>
          {text.split(" ").map((group, place) => (
            <span key={place}>{group} </span>
          ))}
        </code>
      </div>
      <div className="actions">
        <Button onPress={() => void copy()}>{t("key.copy")}</Button>
        <Button onPress={() => download("recovery-key.txt", file)}>{t("key.download")}</Button>
        <Button onPress={() => window.print()}>{t("key.print")}</Button>
      </div>
      {copied ? <Notice look="good">{t("key.copied")}</Notice> : null}
      <Callout look="warning">{t("key.warning")}</Callout>
      <div className="actions">
        <Button look="main" onPress={onKept}>
          {t("key.kept")}
        </Button>
        <Button onPress={onClose}>{t("action.cancel")}</Button>
      </div>
    </div>
  );
}
