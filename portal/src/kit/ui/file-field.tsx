import { type ChangeEvent, type DragEvent, useId } from "react";
import { useTexts } from "../i18n.ts";

interface FileFieldProps {
  label: string;
  onFile: (file: File) => void;
  chosen: File | null;
}

/** Takes a text file that is chosen, or dropped here. */
export function FileField({ label, onFile, chosen }: FileFieldProps) {
  const t = useTexts();
  const id = useId();
  const take = (file: File | undefined) => {
    if (file) onFile(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  };
  const change = (event: ChangeEvent<HTMLInputElement>) => take(event.target.files?.[0]);
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
      <span className="hint">
        {chosen ? t("file.chosen", { name: chosen.name }) : t("file.drop")}
      </span>
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
