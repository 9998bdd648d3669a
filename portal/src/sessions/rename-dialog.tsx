import { useState } from "react";
import { useTexts } from "../kit/i18n.ts";
import { useTask } from "../kit/task.ts";
import { ProblemNotice } from "../kit/ui/alert.tsx";
import { Button } from "../kit/ui/button.tsx";
import { Dialog } from "../kit/ui/dialog.tsx";
import { Field } from "../kit/ui/field.tsx";
import { Form } from "../kit/ui/form.tsx";
import { type Device, renameDevice } from "./devices.ts";

interface RenameDialogProps {
  device: Device;
  onClose: () => void;
  onDone: () => void;
}

export function RenameDialog({ device, onClose, onDone }: RenameDialogProps) {
  const t = useTexts();
  const [name, setName] = useState(device.display_name ?? "");
  const task = useTask();
  const submit = () =>
    task.run(async () => {
      await renameDevice(device.device_id, name.trim());
      onDone();
    });
  return (
    <Dialog title={t("rename.title")} onClose={onClose}>
      <Form onSubmit={submit}>
        <Field
          label={t("rename.field")}
          hint={t("rename.hint")}
          value={name}
          onChange={setName}
          autoComplete="off"
          autoFocus
        />
        <ProblemNotice problem={task.problem} />
        <div className="actions">
          <Button type="submit" look="main" busy={task.busy} isDisabled={name.trim() === ""}>
            {t("action.save")}
          </Button>
          <Button onPress={onClose}>{t("action.cancel")}</Button>
        </div>
      </Form>
    </Dialog>
  );
}
