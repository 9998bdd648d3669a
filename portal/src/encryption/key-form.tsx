import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTexts } from "../kit/i18n.ts";
import type { Task } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { SecretField } from "../kit/ui/field.tsx";
import { FileField } from "../kit/ui/file-field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { ProgressBar } from "../kit/ui/progress.tsx";
import type { StorageKey } from "./keyring.ts";
import type { Machine } from "./machine.ts";
import { openStorage } from "./recovery-key.ts";
import type { OnProgress, Progress } from "./unlocking.ts";

interface KeyFormProps {
  machine: Machine;
  phrase: boolean;
  submit: string;
  task: Task;
  onKey: (open: StorageKey, onProgress: OnProgress) => Promise<void>;
  onCancel: () => void;
  children?: ReactNode;
  /** What was typed a moment ago, elsewhere: it is sent at once. */
  typed?: string | null;
}

/** Asks for the recovery key, and does something with it. */
export function KeyForm(props: KeyFormProps) {
  const t = useTexts();
  const { task } = props;
  const [typed, setTyped] = useState(props.typed ?? "");
  const [progress, setProgress] = useState<Progress | null>(null);
  const given = useRef(Boolean(props.typed));
  const send = () => {
    if (typed.trim() === "") return task.fail({ key: "recovery.empty" });
    void task.run(async () => {
      const open = await openStorage(props.machine, typed);
      await props.onKey(open, setProgress);
    });
  };
  useEffect(() => {
    if (!given.current) return;
    given.current = false;
    send();
  });
  return (
    <Form onSubmit={send}>
      {props.children}
      <RecoveryKeyField phrase={props.phrase} value={typed} onChange={setTyped} />
      {task.busy && progress ? <ProgressBar label={t("progress.keys")} {...progress} /> : null}
      <ProblemNotice problem={task.problem} />
      <div className="actions">
        <Button type="submit" look="main" busy={task.busy}>
          {props.submit}
        </Button>
        <Button onPress={props.onCancel}>{t("action.cancel")}</Button>
      </div>
    </Form>
  );
}

interface RecoveryKeyFieldProps {
  phrase: boolean;
  value: string;
  onChange: (value: string) => void;
}

/** The recovery key, typed, pasted, or from the file it was saved in. */
export function RecoveryKeyField({ phrase, value, onChange }: RecoveryKeyFieldProps) {
  const t = useTexts();
  const [file, setFile] = useState<File | null>(null);
  const read = async (chosen: File) => {
    setFile(chosen);
    onChange(keyIn(await chosen.text()));
  };
  return (
    <>
      <SecretField
        label={t(phrase ? "recovery.key_or_phrase" : "recovery.key")}
        name="recovery-key"
        autoComplete="off"
        value={value}
        onChange={onChange}
        hint={t("recovery.hint")}
        isRequired
        autoFocus
      />
      <FileField label={t("recovery.file")} chosen={file} onFile={(chosen) => void read(chosen)} />
    </>
  );
}

/** The recovery key in a saved file: the line that is made of groups of four, else everything. */
function keyIn(text: string): string {
  const line = text
    .split("\n")
    .find((one) => /^([1-9A-HJ-NP-Za-km-z]{4} ?){11,13}$/.test(one.trim()));
  return (line ?? text).trim();
}
