import { useCallback, useEffect, useState } from "react";
import { explain, type Problem } from "./problem.ts";

/**
 * What `load` answers, asked for when the component appears and again on `reload`; null until then.
 * `load` must be the same function each time.
 */
export function useLoaded<T>(load: () => Promise<T>) {
  const [value, setValue] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const reload = useCallback(async () => {
    try {
      setValue(await load());
      setProblem(null);
    } catch (error) {
      setProblem(explain(error));
    }
  }, [load]);
  useEffect(() => {
    void reload();
  }, [reload]);
  return { value, problem, reload };
}
