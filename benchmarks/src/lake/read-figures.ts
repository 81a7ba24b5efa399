import type { SpanFilter, TimeRange, TraceFilter, TraceLake } from "@scouter/lake";
import { lower, quantile } from "../figure/print-figure.ts";
import { BareEngine } from "./bare-engine.ts";
import { DAY_NANO } from "./bulk-spans.ts";
import { progress } from "./progress.ts";
import { USERS } from "./span-shape.ts";
import type { TableFile } from "./table-files.ts";

export interface ReadOptions {
  readonly lake: TraceLake;
  readonly files: readonly TableFile[];
  readonly rounds: number;
  readonly endNano: bigint;
  readonly range: TimeRange;
  /** From the begin of a trace to that of the next, of each day from midnight on. */
  readonly traceStepNano: bigint;
  /** A trace by its place in the table, 0 to 1. */
  readonly traceIdAt: (share: number) => string;
  readonly threads: number;
}

const PARALLEL = 8;
const SPANS_OF_A_TRACE = 10;
const BUCKET_NANO = 300_000_000_000n;
const HOUR_NANO = 3_600_000_000_000n;
const PAGE = 50;

/** Each read asked of the lake and of the engine alone, in turn, with other keys every time; answers are compared. */
export async function readFigures(options: ReadOptions): Promise<void> {
  const { lake, files, threads } = options;
  const bare = await BareEngine.open(files, threads);
  try {
    await traceById(options, bare);
    await figures("metrics_24h_ms", 100, options, {
      lake: async (turn) => {
        const range = dayBefore(options, turn);
        const buckets = await lake.traceHistogram({
          range,
          filter: filterOf({}),
          bucketNano: BUCKET_NANO,
        });
        return buckets.reduce((sum, { ok, error }) => sum + ok + error, 0);
      },
      bare: (turn) => bare.metrics(dayBefore(options, turn), BUCKET_NANO),
    });
    const user = (turn: number) => `user-${(turn * 7_919) % USERS}`;
    await figures("attribute_24h_ms", 400, options, {
      lake: async (turn) => {
        const filter = filterOf({ attributes: [{ key: "user.id", op: "eq", value: user(turn) }] });
        const page = await lake.searchTraces({
          range: dayBefore(options, turn),
          filter,
          limit: PAGE,
        });
        return page.items.length;
      },
      bare: (turn) => bare.withAttribute(dayBefore(options, turn), "user.id", user(turn), PAGE),
    });
    await figures("newest_50_ms", 50, options, {
      lake: async () => {
        const search = { range: options.range, filter: filterOf({}), limit: PAGE };
        return (await lake.searchTraces(search)).items.length;
      },
      bare: () => bare.newest(PAGE),
    });
  } finally {
    bare.close();
  }
}

async function traceById(options: ReadOptions, bare: BareEngine): Promise<void> {
  const { lake, rounds, traceIdAt } = options;
  // Evenly over the table, in no order.
  const traceId = (turn: number) => traceIdAt((turn * 0.618_033_988_75) % 1);
  const ask = {
    lake: async (turn: number) => (await lake.spansOf(traceId(turn))).length,
    bare: (turn: number) => bare.trace(traceId(turn)),
  };
  await figures("trace_by_id_p50_ms", 25, options, ask, SPANS_OF_A_TRACE);
  for (const kind of ["lake", "bare"] as const) {
    const waits: number[] = [];
    let turn = 1_000;
    const asker = async () => {
      for (let round = 0; round < rounds; round += 1) {
        waits.push(await timed(() => ask[kind](turn++)));
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, asker));
    const name = `trace_by_id_8par_p95_ms${kind === "bare" ? "_bare" : ""}`;
    lower(name, quantile(waits, 0.95), "ms", kind === "bare" ? null : 100, waits.length);
  }
}

type Ask = (turn: number) => Promise<number>;

/** Medians of both; the first turns warm up and are not counted. Their answers must be of the same size. */
async function figures(
  name: string,
  target: number,
  { rounds }: ReadOptions,
  ask: { readonly lake: Ask; readonly bare: Ask },
  expected?: number,
): Promise<void> {
  progress(`reads: ${name}`);
  const waits = { lake: [] as number[], bare: [] as number[] };
  for (let turn = 0; turn < rounds + 2; turn += 1) {
    const answers = { lake: 0, bare: 0 };
    for (const kind of ["lake", "bare"] as const) {
      const waitMs = await timed(async () => (answers[kind] = await ask[kind](turn)));
      if (turn >= 2) waits[kind].push(waitMs);
    }
    if (answers.lake !== answers.bare || answers.lake !== (expected ?? answers.lake)) {
      throw new Error(`${name}: ${answers.lake} from the lake, ${answers.bare} from the engine`);
    }
  }
  lower(name, quantile(waits.lake, 0.5), "ms", target, rounds);
  lower(`${name}_bare`, quantile(waits.bare, 0.5), "ms", null, rounds);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** 24 h that end some hours earlier each time, where a trace begins: none is cut. */
function dayBefore({ endNano, traceStepNano }: ReadOptions, turn: number): TimeRange {
  const lastDay = endNano - DAY_NANO;
  const traces = DAY_NANO / traceStepNano - BigInt(turn) * (HOUR_NANO / traceStepNano);
  const toNano = lastDay + traces * traceStepNano;
  return { fromNano: toNano - DAY_NANO, toNano };
}

function filterOf(spans: Partial<SpanFilter>): TraceFilter {
  const anything = { services: [], names: [], kinds: [], models: [], attributes: [] };
  return { spans: { ...anything, ...spans }, rootNames: [] };
}
