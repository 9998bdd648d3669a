import { MatrixError } from "../kit/http.ts";

/**
 * User-interactive authentication (Client-Server API, "User-Interactive Authentication API"):
 * the server answers 401 with the stages it wants, and the same request is repeated with proofs.
 */
export interface Challenge {
  session?: string;
  flows: { stages: string[] }[];
  completed: string[];
  params: Record<string, unknown>;
  /** Why the last proof was refused, where the server says so. */
  errcode: string | null;
}

/** The `auth` object of a request. */
export type Proof = Record<string, unknown>;

/** Reads the challenge out of an error; null if it is some other error. */
export function challengeIn(error: unknown): Challenge | null {
  if (!(error instanceof MatrixError) || error.status !== 401) return null;
  const { flows, session, completed, params, errcode } = error.fields;
  if (!Array.isArray(flows)) return null;
  return {
    ...(typeof session === "string" ? { session } : {}),
    flows: flows as Challenge["flows"],
    completed: Array.isArray(completed) ? (completed as string[]) : [],
    params: typeof params === "object" && params !== null ? (params as Challenge["params"]) : {},
    errcode: typeof errcode === "string" ? errcode : null,
  };
}

/** The first stage that is still missing in the flow which is nearest to its end. */
export function nextStage(
  challenge: Challenge,
  suits: (stages: string[]) => boolean = () => true,
): string | null {
  const open = challenge.flows
    .filter((flow) => suits(flow.stages))
    .map((flow) => flow.stages.filter((stage) => !challenge.completed.includes(stage)))
    .sort((one, other) => one.length - other.length);
  return open[0]?.[0] ?? null;
}

/** A proof for one stage, within the session the server opened. */
export function proofFor(challenge: Challenge, stage: string, fields: Proof = {}): Proof {
  return { type: stage, ...fields, ...(challenge.session ? { session: challenge.session } : {}) };
}

/** Says that the stage was done elsewhere: the server knows, from the session. */
export function sessionOnly(challenge: Challenge): Proof {
  return challenge.session ? { session: challenge.session } : {};
}

/** A proof by account password. */
export function passwordProof(
  challenge: Challenge | null,
  userId: string,
  password: string,
): Proof {
  return {
    type: "m.login.password",
    identifier: { type: "m.id.user", user: userId },
    password,
    ...(challenge?.session ? { session: challenge.session } : {}),
  };
}

/** The request as the caller makes it, with the proof given so far. */
export type ProvableRequest<T> = (proof?: Proof) => Promise<T>;

/** Asks the person for a proof; throws `CalledOff` when they would rather not. */
export type Prover = (challenge: Challenge, stage: string) => Promise<Proof>;

/** Makes `request`, asking `prove` for each stage the server wants, until it is done or refused. */
export async function withProofs<T>(request: ProvableRequest<T>, prove: Prover): Promise<T> {
  let proof: Proof | undefined;
  for (;;) {
    try {
      return await request(proof);
    } catch (error) {
      const challenge = challengeIn(error);
      if (!challenge) throw error;
      const stage = choosePassword(challenge) ?? nextStage(challenge);
      if (!stage) throw error;
      proof = await prove(challenge, stage);
    }
  }
}

/** The account password is what people know by heart: it comes first wherever it is enough. */
function choosePassword(challenge: Challenge): string | null {
  return nextStage(challenge, (stages) => stages.includes("m.login.password"));
}
