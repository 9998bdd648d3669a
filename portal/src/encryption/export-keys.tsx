import type { OpenSession } from "../sessions/stored.ts";
import { ExportDialog } from "./file-dialogs.tsx";
import { WithMachine } from "./with-machine.tsx";

interface ExportKeysProps {
  session: OpenSession;
  onClose: () => void;
}

/** The dialog that exports this session's room keys, for pages that need nothing else of them. */
export function ExportKeys({ session, onClose }: ExportKeysProps) {
  return (
    <WithMachine session={session}>
      {(machine) => <ExportDialog machine={machine} onClose={onClose} />}
    </WithMachine>
  );
}
