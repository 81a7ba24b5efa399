import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { ScouterError, type EvalReport } from "@scouter/contracts";
import { CallGate } from "@scouter/evaluate";
import type { ReportOrder, ReportReply } from "./report-order.ts";

/** Threads at once; who comes later waits. */
const gate = new CallGate(2);

/** A run's report, compared when there is a baseline, made in a thread of its own. @throws what `compareRuns` throws */
export function makeReport(order: ReportOrder): Promise<EvalReport> {
  return gate.run(async () => {
    const isSource = import.meta.url.endsWith(".ts");
    const file = isSource ? "./report-thread.ts" : "./report-thread.js";
    const thread = new Worker(new URL(file, import.meta.url), {
      workerData: order,
      execArgv: isSource ? ["--conditions=scouter-source"] : [],
      name: "scouter-report",
    });
    try {
      const [reply] = (await once(thread, "message")) as [ReportReply];
      if (reply.kind === "made") return reply.report;
      const { remedy, ...error } = reply.error;
      throw new ScouterError({ ...error, ...(remedy === undefined ? {} : { remedy }) });
    } finally {
      await thread.terminate();
    }
  });
}
