import { systemClock, type RunDocument } from "@scouter/contracts";
import type { RunComparison } from "@scouter/evaluate";
import { describeError } from "../exit-code.ts";
import type { Terminal } from "../terminal.ts";

/** Tells a channel of a run that is not good. That it could not be told changes nothing about the run: it is said, no more. */
export async function notifyOfRun(
  terminal: Terminal,
  channel: string,
  document: RunDocument,
  comparison: RunComparison | undefined,
): Promise<void> {
  const verdict = comparison?.verdict ?? "invalid";
  const reasons = comparison?.reasons ?? ["too many outcomes are missing"];
  const notice = {
    channel,
    name: document.suite.name,
    version: document.run_id,
    text: [`verdict: ${verdict}`, ...reasons].join("\n"),
    dedupKey: `eval/${document.run_id}`,
  };
  try {
    const { notifyFromEnvironment } = await import("@scouter/server/notify");
    await notifyFromEnvironment(notice, terminal.env, systemClock, {
      warn: (_fields, text) => terminal.err(`${text}\n`),
    });
    terminal.err(`told ${channel}\n`);
  } catch (error) {
    terminal.err(`${channel} was not told: ${describeError(error)}\n`);
  }
}
