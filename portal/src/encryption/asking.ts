import { ConnectionError, MatrixError as SdkError } from "matrix-js-sdk";
import { MatrixError, UnreachableError } from "../kit/http.ts";

/** Does `work` with the client; its errors come out as the portal's own. */
export async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SdkError) throw new MatrixError(error.httpStatus ?? 500, error.data);
    if (error instanceof ConnectionError) throw new UnreachableError("", { cause: error });
    throw error;
  }
}
