import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";

const SPACE = "support";

/** Two runs of one suite, the older one a baseline: the newer fails where the answers lost a deadline. */
export async function sendOfflineRuns(baseUrl: string): Promise<void> {
  const send = async (method: string, path: string, body: object) => {
    const reply = await guestFetch(`${baseUrl}/scouter/v2/eval/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(`${path}: ${String(reply.status)} ${await reply.text()}`);
    return (await reply.json()) as { readonly id: number };
  };
  const baseline = await send("POST", "runs", { space: SPACE, run: runOf("main-812", 0) });
  await send("POST", "runs", { space: SPACE, run: runOf("pull-94", 9) });
  await send("PUT", "baselines", { space: SPACE, name: "main", run: baseline.id });
}

function runOf(runId: string, failing: number) {
  const scenarios = Array.from({ length: 30 }, (_, index) => ({
    id: `question-${String(index + 1).padStart(2, "0")}`,
    initial_query: `When do I get my money back? (case ${String(index + 1)})`,
    repeats: [0, 1, 2].map((repeat) => repeatOf(index >= failing || (index > 6 && repeat > 0))),
  }));
  return {
    format: "scouter-run",
    version: 1,
    run_id: runId,
    created_at: failing === 0 ? "2026-03-01T04:00:00Z" : "2026-03-09T10:30:00Z",
    suite: { name: "support questions", definition: "sha256:5f70aa31c2d4" },
    versions: { model: failing === 0 ? "small-1" : "small-2" },
    scenarios,
  };
}

function repeatOf(passes: boolean) {
  return {
    outcome: passes ? "passed" : "failed",
    response: `You can return an order within ${passes ? "30" : "14"} days.`,
    tasks: { names_the_deadline: { outcome: passes ? "passed" : "failed" } },
    aliases: { retriever: { outcome: "passed", tasks: { has_sources: { outcome: "passed" } } } },
    judging: { calls: 1, cost_usd: 0.002 },
  };
}
