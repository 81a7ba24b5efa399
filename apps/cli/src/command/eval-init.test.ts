import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testTerminal } from "../../test/test-terminal.ts";
import { main } from "../main.ts";

let workingFolder = "";
beforeAll(() => {
  workingFolder = mkdtempSync(join(tmpdir(), "scouter-init-"));
});
afterAll(() => rmSync(workingFolder, { recursive: true }));

async function scouter(...words: readonly string[]) {
  const terminal = testTerminal({ env: {}, workingFolder });
  const code = await main(["eval", ...words], terminal);
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}

describe("eval init", () => {
  it("writes a suite and an agent that pass as they are, and a workflow that runs them", async () => {
    const written = await scouter("init");
    expect(written.code).toBe(0);
    expect(written.out).toContain("wrote evals/suite.yaml");
    const run = await scouter("run", "evals/suite.yaml", "--agent", "evals/agent.ts");
    expect([run.code, run.out]).toEqual([0, expect.stringContaining("3 of 3 scenarios passed")]);
    const workflow = readFileSync(
      join(workingFolder, ".github/workflows/agent-evaluation.yml"),
      "utf8",
    );
    expect(workflow).toContain("npx scouter eval run evals/suite.yaml --agent evals/agent.ts");
  });

  it("tells commands that work from where it was called", async () => {
    const { out } = await scouter("init", "teams/support");
    expect(out).toContain("wrote teams/support/evals/suite.yaml");
    const words = /^try it: +scouter eval (.*)$/m.exec(out)?.[1]?.split(" ") ?? [];
    expect(await scouter(...words)).toMatchObject({ code: 0 });
  });

  it("writes nothing over what is there, unless it is told to", async () => {
    writeFileSync(join(workingFolder, "evals/suite.yaml"), "mine");
    const refused = await scouter("init");
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining("evals/suite.yaml, evals/agent.ts"),
    ]);
    expect(readFileSync(join(workingFolder, "evals/suite.yaml"), "utf8")).toBe("mine");
    expect((await scouter("init", "--force")).code).toBe(0);
    expect(readFileSync(join(workingFolder, "evals/suite.yaml"), "utf8")).toContain("starter");
  });
});
