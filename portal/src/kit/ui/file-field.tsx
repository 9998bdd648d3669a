import { type ChangeEvent, type DragEvent, useId } from "react";
import { useTexts } from "../i18n.ts";

interface FileFieldProps {
  label: string;
  /** The file's text, and its name. */
  onText: (text: string, name: string) => void;
  chosen?: string | null;
}

/** Takes a text file that is chosen, or dropped here. */
export function FileField({ label, onText, chosen }: FileFieldProps) {
  const t = useTexts();
  const id = useId();
  const take = async (file: File | undefined) => {
    if (file) onText(await file.text(), file.name);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  const change = (event: ChangeEvent<HTMLInputElement>) => void take(event.target.files?.[0]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a short cut; the field does the same.
    <div className="field file-field" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <label htmlFor={id} className="label">
        {label}
      </label>
      <input
        id={id}
        type="file"
        accept=".txt,text/plain"
        className="file-input"
        onChange={change}
      />
      <span className="hint">{chosen ? t("file.chosen", { name: chosen }) : t("file.drop")}</span>
    </div>
  );
}

/** Hands a text over as a file. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
