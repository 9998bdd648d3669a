import { useState } from "react";
import {
  isAcceptable,
  NewPasswordFields,
  noPassword,
} from "../credentials/new-password-fields.tsx";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { Finished, Notice, ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { SecretField } from "../kit/ui/field.tsx";
import { download, FileField } from "../kit/ui/file-field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { ProgressBar } from "../kit/ui/progress.tsx";
import { CloseButton } from "./key-dialogs.tsx";
import type { Machine } from "./machine.ts";
import { exportKeys, type Imported, importKeys } from "./moving-keys.ts";
import { passphrasePolicy } from "./passphrase.ts";
import type { Progress } from "./unlocking.ts";

interface FileDialogProps {
  machine: Machine;
  onClose: () => void;
}

/** Writes this session's room keys into a file under a passphrase. */
export function ExportDialog({ machine, onClose }: FileDialogProps) {
  const t = useTexts();
  const task = useTask();
  const [passphrase, setPassphrase] = useState(noPassword);
  const [count, setCount] = useState<number | null>(null);
  const submit = () => {
    setPassphrase({ ...passphrase, checked: true });
    if (!isAcceptable(passphrase, passphrasePolicy, {})) return;
    void task.run(async () => {
      const made = await exportKeys(machine, passphrase.password);
      download("room-keys.txt", made.file);
      setCount(made.count);
    });
  };
  if (count !== null) {
    return (
      <Dialog title={t("export.title")} onClose={onClose}>
        <Finished>{t("export.done", { count })}</Finished>
        <CloseButton onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog title={t("export.title")} onClose={onClose}>
      <Form onSubmit={submit}>
        <p>{t("export.intro")}</p>
        <NewPasswordFields
          label={t("export.passphrase")}
          value={passphrase}
          onChange={setPassphrase}
          policy={passphrasePolicy}
          owner={{}}
        />
        {task.busy ? <Notice look="info">{t("export.working")}</Notice> : null}
        <ProblemNotice problem={task.problem} />
        <div className="actions">
          <Button type="submit" look="main" busy={task.busy}>
            {t("export.submit")}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Takes in the room keys of a file, and says in numbers what that brought. */
export function ImportDialog({ machine, onClose }: FileDialogProps) {
  const t = useTexts();
  const task = useTask();
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const [progress, setProgress] = useState<Progress | null>(null);
  const [imported, setImported] = useState<Imported | null>(null);
  const submit = () => {
    if (!file) return task.fail({ key: "import.no_file" });
    if (passphrase === "") return task.fail({ key: "import.no_passphrase" });
    void task.run(async () => {
      setImported(await importKeys(machine, await file.text(), passphrase, setProgress));
    });
  };
  if (imported) {
    return (
      <Dialog title={t("import.title")} onClose={onClose}>
        <ImportResult imported={imported} />
        <CloseButton onClose={onClose} />
      </Dialog>
    );
  }
  return (
    <Dialog title={t("import.title")} onClose={onClose}>
      <Form onSubmit={submit}>
        <p>{t("import.intro")}</p>
        <FileField label={t("import.file")} chosen={file} onFile={setFile} />
        <SecretField
          label={t("export.passphrase")}
          name="file-passphrase"
          autoComplete="off"
          value={passphrase}
          onChange={setPassphrase}
          isRequired
        />
        {task.busy && !progress ? <Notice look="info">{t("import.working")}</Notice> : null}
        {task.busy && progress ? <ProgressBar label={t("progress.keys")} {...progress} /> : null}
        <ProblemNotice problem={task.problem} />
        <div className="actions">
          <Button type="submit" look="main" busy={task.busy}>
            {t("import.submit")}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}

function ImportResult({ imported }: { imported: Imported }) {
  const t = useTexts();
  const { fresh, known, better, worse, rooms } = imported;
  return (
    <Finished>
      <p>{t("import.rooms", { count: rooms })}</p>
      <ul>
        <li>{t("import.fresh", { keys: fresh })}</li>
        <li>{t("import.known", { keys: known })}</li>
        {better > 0 ? <li>{t("import.better", { keys: better })}</li> : null}
        {worse > 0 ? <li>{t("import.worse", { keys: worse })}</li> : null}
      </ul>
    </Finished>
  );
}
