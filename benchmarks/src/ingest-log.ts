/**
 * Durable appends to the file ingest log: 1, 8 and 32 requests in flight with payloads of 5 KB, about what a request of
 * 100 spans compresses to. Every append waits for its fdatasync, so the figures depend on the disk as much as on the
 * code. Entries are released as a flush would, every 1,000. Options: `--seconds N` per round (default 2).
 */
import { randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "@scouter/contracts";
import { type IngestLog, type NewIngestEntry, openFileIngestLog } from "@scouter/lake";
import { printFigure, quantile } from "./figure/print-figure.ts";

const PAYLOAD_BYTES = 5_000;
const RELEASE_EVERY = 1_000;
const ROUNDS = 3;
const payload = randomBytes(PAYLOAD_BYTES);

const { values } = parseArgs({ options: { seconds: { type: "string", default: "2" } } });
const roundMs = Number(values.seconds) * 1_000;

for (const inFlight of [1, 8, 32]) {
  const rates: number[] = [];
  const waitsMs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const measured = await inFreshLog((log) => appendFor(log, inFlight, roundMs));
    // The first round warms the compiler and is not counted.
    if (round === 0) continue;
    rates.push(measured.length / (roundMs / 1_000));
    for (const waitMs of measured) waitsMs.push(waitMs);
  }
  const name = `ingest_log_${inFlight}_in_flight`;
  const samples = waitsMs.length;
  printFigure({
    name: `${name}_entries_per_s`,
    value: quantile(rates, 0.5),
    unit: "entries/s",
    better: "higher",
    target: null,
    samples,
  });
  for (const [label, q] of [
    ["p50", 0.5],
    ["p99", 0.99],
  ] as const) {
    printFigure({
      name: `${name}_ack_${label}_ms`,
      value: quantile(waitsMs, q),
      unit: "ms",
      better: "lower",
      target: null,
      samples,
    });
  }
}

async function inFreshLog<T>(use: (log: IngestLog) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), "bench-ingest-log-"));
  const log = await openFileIngestLog({ root, owner: randomUUID(), clock: systemClock });
  try {
    return await use(log);
  } finally {
    await log.close();
    await rm(root, { recursive: true });
  }
}

/** Closed loop: each of `inFlight` clients appends again as soon as it is answered. Resolves with every wait, in ms. */
async function appendFor(log: IngestLog, inFlight: number, ms: number): Promise<number[]> {
  const waitsMs: number[] = [];
  const end = performance.now() + ms;
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      const started = performance.now();
      const { sequence } = await log.append(newEntry());
      waitsMs.push(performance.now() - started);
      if (sequence % RELEASE_EVERY === 0) await log.release(log.owner, sequence - inFlight);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, client));
  return waitsMs;
}

function newEntry(): NewIngestEntry {
  const digest = randomBytes(20);
  return { format: "otlp-protobuf", payload, digest, receivedAt: Date.now(), rejected: [] };
}
