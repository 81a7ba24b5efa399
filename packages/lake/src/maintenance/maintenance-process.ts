import { constants, setPriority } from "node:os";
import type { MaintenanceAnswers, MaintenanceReply, MaintenanceRequest } from "./protocol.ts";
import { LakeMaintainer } from "./lake-maintainer.ts";

// What people and exporters wait for goes first.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
// Whoever wanted the work is gone, killed perhaps: nobody holds the lease any more.
process.once("disconnect", () => process.exit());
// Ctrl-C reaches every process of a terminal; the one that waits for this one decides.
process.on("SIGINT", () => undefined);

type Answer = MaintenanceAnswers[keyof MaintenanceAnswers];

let maintainer: LakeMaintainer | undefined;

process.on("message", (request: MaintenanceRequest) => void reply(request));

/** Never rejects: what goes wrong is an answer too. */
async function reply(request: MaintenanceRequest): Promise<void> {
  let given: { readonly answer: Answer } | { readonly failed: string };
  try {
    given = { answer: await answer(request) };
  } catch (error) {
    given = { failed: error instanceof Error ? error.message : String(error) };
  }
  const residentBytes = process.memoryUsage.rss();
  process.send?.({ ...given, residentBytes } satisfies MaintenanceReply);
}

async function answer(request: MaintenanceRequest): Promise<Answer> {
  if (request.name === "open") {
    maintainer = await LakeMaintainer.open(request.options);
    return null;
  }
  if (maintainer === undefined) throw new Error("the lake is not open");
  return request.name === "next"
    ? maintainer.next(request.epoch, request.skip)
    : maintainer.vacuum({ dryRun: request.dryRun });
}
