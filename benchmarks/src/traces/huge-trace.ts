import { monitorEventLoopDelay } from "node:perf_hooks";
import type { TraceLake } from "@scouter/lake";
import { exportRequestProtobuf } from "@scouter/testkit/otlp/export-protobuf";
import { HUGE_TRACE_SPANS, hugeTrace } from "@scouter/testkit/otlp/huge-trace";
import { traceIdBytes } from "@scouter/testkit/otlp/export-request";
import { printFigure } from "../figure/print-figure.ts";

const TRACE = 900_000_001;
const TARGET_MS = 2_000;
const LOOP_TARGET_MS = 50;
const HOUR_NANO = 3_600_000_000_000n;

export interface HugeTraceParts {
  readonly send: (body: Uint8Array) => Promise<void>;
  readonly rounds: number;
  readonly figure: (
    name: string,
    target: number | null,
    ask: () => Promise<unknown>,
  ) => Promise<void>;
}

/** A trace of 100,000 spans and 10,000 levels: stored (decoded, logged, committed), listed, assembled, read in a window. */
export async function measureHugeTrace(
  lake: TraceLake,
  { send, rounds, figure }: HugeTraceParts,
): Promise<void> {
  const startNano = BigInt(Date.now()) * 1_000_000n - HOUR_NANO;
  // Making the requests is the sender's work.
  const bodies = hugeTrace(TRACE, startNano).map(exportRequestProtobuf);
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const started = performance.now();
  for (const body of bodies) await send(body);
  await lake.flush();
  const value = performance.now() - started;
  printFigure({
    name: "huge_stored_ms",
    value,
    unit: "ms",
    better: "lower",
    target: TARGET_MS,
    samples: 1,
  });
  const traceId = Buffer.from(traceIdBytes(TRACE)).toString("hex");
  const range = { fromNano: startNano - HOUR_NANO, toNano: startNano + HOUR_NANO };
  const anything = { services: [], names: [], kinds: [], models: [], attributes: [] };
  const filter = { spans: anything, rootNames: [] };
  await figure("huge_listed_ms", TARGET_MS, () => lake.searchTraces({ range, filter, limit: 50 }));
  await figure("huge_wire_listed_ms", TARGET_MS, () =>
    lake.listTraces({ limit: 50, direction: "next" }),
  );
  const page = (offset: number, limit: number) => lake.traceTree({ traceId, offset, limit });
  await figure("huge_assembled_ms", TARGET_MS, () => page(0, 5_000));
  await figure("huge_window_ms", TARGET_MS, () => page(HUGE_TRACE_SPANS / 2, 500));
  delay.disable();
  printFigure({
    name: "huge_loop_delay_max_ms",
    value: delay.max / 1e6,
    unit: "ms",
    better: "lower",
    target: LOOP_TARGET_MS,
    samples: 4 * (rounds + 1),
  });
}
