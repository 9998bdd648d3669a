import { useCallback, useRef, useState } from "react";
import { explain, type Problem, type ProblemTexts } from "./problem.ts";

/** Something the person started: whether it is running, and what went wrong. */
export interface Task {
  busy: boolean;
  problem: Problem | null;
  /** Runs `work` unless it is running already; resolves to whether it succeeded. */
  run(work: () => Promise<void>): Promise<boolean>;
  fail(problem: Problem | null): void;
}

/** Thrown by work that was called off on purpose: there is nothing to report then. */
export class CalledOff extends Error {}

export function useTask(texts?: ProblemTexts): Task {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const running = useRef(false);
  const known = useRef(texts);
  known.current = texts;

  const run = useCallback(async (work: () => Promise<void>) => {
    if (running.current) return false;
    running.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof CalledOff)) setProblem(explain(error, known.current));
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);

  return { busy, problem, run, fail: setProblem };
}
