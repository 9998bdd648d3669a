import { describe, expect, it } from "vitest";
import { MatrixError } from "../src/kit/http.ts";
import { CalledOff } from "../src/kit/task.ts";
import { askForMail, looksLikeEmail } from "../src/uia/email-validation.ts";
import { challengeIn, nextStage, type Proof, passwordProof, withProofs } from "../src/uia/flow.ts";

function asking(stages: string[][], completed: string[] = [], errcode?: string): MatrixError {
  const flows = stages.map((each) => ({ stages: each }));
  return new MatrixError(401, { session: "s1", flows, completed, ...(errcode ? { errcode } : {}) });
}

describe("the stages a server wants", () => {
  it("goes on with the flow that is nearest to its end", () => {
    const error = asking(
      [
        ["a", "b", "c"],
        ["a", "d"],
      ],
      ["a"],
    );
    const challenge = challengeIn(error);
    expect(challenge && nextStage(challenge)).toBe("d");
  });

  it("is not read into other errors", () => {
    expect(challengeIn(new MatrixError(401, { errcode: "M_UNKNOWN_TOKEN" }))).toBeNull();
    expect(challengeIn(new MatrixError(403, { flows: [] }))).toBeNull();
  });
});

describe("a request that needs a proof", () => {
  it("is repeated with it, and asks again after a wrong one", async () => {
    const given: (Proof | undefined)[] = [];
    const tried: (string | null)[] = [];
    const result = await withProofs(
      async (proof) => {
        given.push(proof);
        if (proof?.password === "right") return "done";
        throw asking([["m.login.sso"], ["m.login.password"]], [], proof && "M_FORBIDDEN");
      },
      async (challenge, stage) => {
        tried.push(challenge.errcode);
        expect(stage).toBe("m.login.password");
        return passwordProof(challenge, "@alice:a", tried.length === 1 ? "wrong" : "right");
      },
    );
    expect(result).toBe("done");
    expect(tried).toEqual([null, "M_FORBIDDEN"]);
    expect(given[2]).toMatchObject({ session: "s1", identifier: { user: "@alice:a" } });
  });

  it("is given up when the person calls it off", async () => {
    const request = withProofs(
      () => Promise.reject(asking([["m.login.password"]])),
      () => Promise.reject(new CalledOff()),
    );
    await expect(request).rejects.toBeInstanceOf(CalledOff);
  });
});

describe("a mailed link", () => {
  it("is asked for again with the same secret and a higher attempt", async () => {
    const bodies: { client_secret: string; send_attempt: number }[] = [];
    const request = async (body: {
      email: string;
      client_secret: string;
      send_attempt: number;
    }) => {
      bodies.push(body);
      return { sid: "sid" };
    };
    const first = await askForMail(request, "a@example.org");
    await askForMail(request, "a@example.org", first);
    await askForMail(request, "b@example.org", first);
    expect(bodies.map((body) => body.send_attempt)).toEqual([1, 2, 1]);
    expect(bodies[1]?.client_secret).toBe(bodies[0]?.client_secret);
    expect(bodies[2]?.client_secret).not.toBe(bodies[0]?.client_secret);
  });

  it("goes only where an address is likely", () => {
    expect(looksLikeEmail(" a@b ")).toBe(true);
    expect(["", "a", "a@", "@b", "a b@c"].some(looksLikeEmail)).toBe(false);
  });
});
