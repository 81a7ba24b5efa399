import { parentPort, workerData } from "node:worker_threads";
import { isScouterError, type ScouterError } from "@scouter/contracts";
import { haltEngines } from "../engine/open-engines.ts";
import { errors } from "../errors.ts";
import { LakeStore } from "./lake-store.ts";
import type {
  LakeCallMessage,
  LakeCalls,
  LakeCancelMessage,
  LakeHaltMessage,
  LakeReadyMessage,
  LakeThreadData,
} from "./protocol.ts";
import { awaitExit, beginWithEngine, endWithEngine } from "./thread-end.ts";

const port = parentPort;
if (port === null) throw new Error("the lake worker runs only as a worker thread");
const { end, ...data } = workerData as LakeThreadData;

process.on("uncaughtException", onFault);
try {
  port.on("message", (message: LakeCallMessage | LakeCancelMessage | LakeHaltMessage) => {
    if ("halt" in message) void haltEngines().finally(() => awaitExit(end));
  });
  if (!beginWithEngine(end)) throw errors.LAKE_CLOSED({});
  serve(await LakeStore.open(data));
  port.postMessage({ ready: true } satisfies LakeReadyMessage);
} catch (error) {
  port.postMessage({ failed: wireError(error, "start") } satisfies LakeReadyMessage);
  endWithEngine(end);
  port.close();
}

/** What nothing caught ends the thread, as it would have, but not under the engine's hands: that would end the process. */
function onFault(fault: unknown): void {
  void haltEngines().finally(() => {
    endWithEngine(end);
    process.off("uncaughtException", onFault);
    setImmediate(() => {
      throw fault;
    });
  });
}

function serve(store: LakeStore): void {
  const handlers: { [Name in keyof LakeCalls]: Handler<Name> } = {
    decode: (input) => store.decode(input),
    beginOwner: (input) => store.beginOwner(input.owner),
    endOwner: (input) => store.endOwner(input.owner),
    orphanOwner: (input) => store.orphanOwner(input.owner),
    admit: (input) => store.admit(input),
    admitNothing: (input) => store.admitNothing(input),
    discard: (input) => store.discard(input.ticket),
    replay: (input) => store.replay(input),
    prepareFlush: (input) => store.prepareFlush(input),
    flush: (input) => store.flush(input),
    awaitTraces: (input) => store.awaitTraces(input.traceIds),
    sightingsOf: (input) => store.sightingsOf(input.traceIds),
    refresh: () => store.refresh(),
    listTraces: (input) => store.listTraces(input),
    spansOf: (input, signal) => store.spansOf(input, signal),
    counts: () => store.counts(),
    searchTraces: (input, signal) => store.searchTraces(input, signal),
    traceHistogram: (input, signal) => store.traceHistogram(input, signal),
    traceFacets: (input, signal) => store.traceFacets(input, signal),
    traceServices: (input, signal) => store.traceServices(input, signal),
    traceTree: (input, signal) => store.traceTree(input, signal),
    spanOf: (input, signal) => store.spanOf(input, signal),
    traceSeries: (input, signal) => store.traceSeries(input, signal),
    serviceEdges: (input, signal) => store.serviceEdges(input, signal),
    genAiGroups: (input, signal) => store.genAiGroups(input, signal),
    genAiSpans: (input, signal) => store.genAiSpans(input, signal),
    maintenanceNeed: (input) => store.maintenanceNeed(input),
    close: async () => {
      await store.close();
    },
  };
  const underWay = new Map<number, AbortController>();
  port?.on("message", (message: LakeCallMessage | LakeCancelMessage | LakeHaltMessage) => {
    if ("halt" in message) return;
    if ("cancel" in message) {
      underWay.get(message.cancel)?.abort();
      return;
    }
    const cancelling = new AbortController();
    underWay.set(message.id, cancelling);
    const handler = handlers[message.name] as AnyHandler;
    void answer(message, handler, cancelling.signal).finally(() => underWay.delete(message.id));
  });
}

type AnyHandler = (input: unknown, signal: AbortSignal) => unknown;

type Handler<Name extends keyof LakeCalls> = (
  input: LakeCalls[Name]["input"],
  signal: AbortSignal,
) => LakeCalls[Name]["output"] | Promise<LakeCalls[Name]["output"]>;

async function answer(message: LakeCallMessage, handler: AnyHandler, signal: AbortSignal) {
  const id = message.id;
  try {
    const output = await handler(message.input, signal);
    port?.postMessage({ id, output }, transferOf(output));
  } catch (error) {
    const failure = signal.aborted ? errors.LAKE_QUERY_CANCELLED({}) : error;
    port?.postMessage({ id, error: wireError(failure, message.name) });
  }
  if (message.name !== "close") return;
  endWithEngine(end);
  port?.close();
}

/** The compressed payload of a decoded request moves instead of being copied. */
function transferOf(output: unknown): ArrayBuffer[] {
  if (typeof output !== "object" || output === null || !("payload" in output)) return [];
  const payload = output.payload;
  const whole =
    payload instanceof Uint8Array &&
    payload.buffer instanceof ArrayBuffer &&
    payload.byteLength === payload.buffer.byteLength;
  return whole ? [payload.buffer] : [];
}

function wireError(error: unknown, what: string): ReturnType<ScouterError["toJSON"]> {
  if (isScouterError(error)) return error.toJSON();
  const reason = error instanceof Error ? error.message : String(error);
  const made = what === "flush" ? errors.LAKE_FLUSH_FAILED : errors.LAKE_QUERY_FAILED;
  return made({ reason: `${what}: ${reason}` }).toJSON();
}
