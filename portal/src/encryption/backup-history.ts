import { extraPath, MatrixError } from "../kit/http.ts";
import { sendSigned } from "../sessions/authed.ts";
import { type Prover, withProofs } from "../uia/flow.ts";

/** A key backup that has gone and can be brought back. */
export interface OldBackup {
  id: string;
  version: string;
  count: number;
  ended_ts: number;
  gone_ts: number;
}

/** The key backups with keys in them that can be brought back; null where the server keeps none. */
export async function oldBackups(): Promise<OldBackup[] | null> {
  try {
    const path = extraPath("key_backup", "history");
    const { versions } = await sendSigned<{ versions: OldBackup[] }>({ method: "GET", path });
    return versions.filter((version) => version.count > 0);
  } catch (error) {
    if (error instanceof MatrixError && error.status === 404) return null;
    throw error;
  }
}

/** Makes an old backup the current one again; the server wants a proof. */
export async function bringBack(id: string, prove: Prover): Promise<void> {
  await withProofs(
    (proof) =>
      sendSigned({
        method: "POST",
        path: extraPath("key_backup", "restore"),
        body: { id, ...(proof ? { auth: proof } : {}) },
      }),
    prove,
  );
}
