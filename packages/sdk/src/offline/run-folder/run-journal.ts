import { type FileHandle, mkdir, open, rm } from "node:fs/promises";
import { join } from "node:path";
import type { RunRepeat } from "@scouter/contracts";
import { addRepeat, emptyTally, type RepeatStore, type RunTally } from "@scouter/evaluate";
import { errors } from "../../errors.ts";
import { fileLines } from "./file-lines.ts";
import {
  journalEntry,
  type JournalEntry,
  type JournalHead,
  journalHead,
  type JournalPlan,
} from "./journal-line.ts";

export const JOURNAL_FILE = "journal.jsonl";

export interface OpenJournalOptions {
  readonly folder: string;
  readonly plan: JournalPlan;
  /** Of the run, when it is begun here. */
  readonly runId: string;
  readonly createdAtMs: number;
  /** Go on with the run that the folder holds; begin one when it holds none. */
  readonly resume: boolean;
}

/**
 * Finished repeats as lines of a file, so that memory holds their places only and a run that was killed goes on where it
 * was. A line that was cut by the end of its process is dropped; its repeat is run again.
 */
export class RunJournal implements RepeatStore {
  readonly head: JournalHead;
  /** Repeats that an earlier process had finished. */
  readonly resumed: number;
  readonly #file: FileHandle;
  readonly #folder: string;
  readonly #places: Map<string, Place>;
  #end: number;
  #tally: RunTally;
  #writing: Promise<void> = Promise.resolve();

  /** @throws SDK_RUN_FOLDER */
  static async open(options: OpenJournalOptions): Promise<RunJournal> {
    const { folder } = options;
    await mkdir(folder, { recursive: true });
    const file = await open(join(folder, JOURNAL_FILE), "a+");
    try {
      const found = await readJournal(file, folder);
      if (found === undefined) return await RunJournal.#begin(file, options);
      checkPlan(found.head, options);
      await file.truncate(found.end);
      return new RunJournal(file, folder, found);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  static async #begin(
    file: FileHandle,
    { folder, plan, runId, createdAtMs }: OpenJournalOptions,
  ): Promise<RunJournal> {
    const head: JournalHead = {
      format: "scouter-run-journal",
      version: 1,
      run_id: runId,
      created_at_ms: createdAtMs,
      plan,
    };
    const line = Buffer.from(`${JSON.stringify(head)}\n`);
    await file.truncate(0);
    await file.appendFile(line);
    return new RunJournal(file, folder, {
      head,
      end: line.length,
      tally: emptyTally,
      places: new Map(),
    });
  }

  private constructor(file: FileHandle, folder: string, { head, end, tally, places }: Found) {
    this.#file = file;
    this.#folder = folder;
    this.head = head;
    this.#end = end;
    this.#tally = tally;
    this.#places = places;
    this.resumed = places.size;
  }

  get tally(): RunTally {
    return this.#tally;
  }

  has(scenario: number, repeat: number): boolean {
    return this.#places.has(keyOf(scenario, repeat));
  }

  async add(scenario: number, repeat: number, result: RunRepeat): Promise<void> {
    const entry: JournalEntry = { scenario, repeat, result };
    const line = Buffer.from(`${JSON.stringify(entry)}\n`);
    const written = this.#writing.then(() => this.#append(entry, line));
    // The next line does not wait for the fate of this one.
    this.#writing = written.catch(() => undefined);
    await written;
  }

  async read(scenario: number, repeat: number): Promise<RunRepeat | undefined> {
    const place = this.#places.get(keyOf(scenario, repeat));
    if (place === undefined) return undefined;
    const bytes = Buffer.alloc(place.length);
    await this.#file.read(bytes, 0, place.length, place.offset);
    return (JSON.parse(bytes.toString()) as JournalEntry).result;
  }

  /** Closes the file; the run can go on from it later. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  /** Closes and removes the file: its run is saved elsewhere. */
  async remove(): Promise<void> {
    await this.close();
    await rm(join(this.#folder, JOURNAL_FILE));
  }

  async #append({ scenario, repeat, result }: JournalEntry, line: Buffer): Promise<void> {
    await this.#file.appendFile(line);
    this.#places.set(keyOf(scenario, repeat), { offset: this.#end, length: line.length - 1 });
    this.#end += line.length;
    this.#tally = addRepeat(this.#tally, result);
  }
}

interface Place {
  readonly offset: number;
  readonly length: number;
}

interface Found {
  readonly head: JournalHead;
  /** Bytes of whole lines. */
  readonly end: number;
  readonly tally: RunTally;
  readonly places: Map<string, Place>;
}

/** Undefined for a file without a whole first line: a run that ended before it began. */
async function readJournal(file: FileHandle, folder: string): Promise<Found | undefined> {
  let head: JournalHead | undefined;
  let end = 0;
  let tally = emptyTally;
  const places = new Map<string, Place>();
  let number = 0;
  for await (const { offset, bytes } of fileLines(file)) {
    number += 1;
    end = offset + bytes.length + 1;
    const json = parsed(bytes);
    if (head === undefined) {
      const read = journalHead.safeParse(json);
      if (!read.success) throw damaged(folder, number);
      head = read.data;
      continue;
    }
    const entry = journalEntry.safeParse(json);
    if (!entry.success) throw damaged(folder, number);
    const { scenario, repeat, result } = entry.data;
    const key = keyOf(scenario, repeat);
    if (!places.has(key)) tally = addRepeat(tally, result);
    places.set(key, { offset, length: bytes.length });
  }
  return head === undefined ? undefined : { head, end, tally, places };
}

function checkPlan({ plan: before }: JournalHead, options: OpenJournalOptions): void {
  const { folder, plan, resume } = options;
  if (!resume) {
    const reason = "it holds a run that did not come to its end";
    throw errors.SDK_RUN_FOLDER({ folder, reason });
  }
  const changed = (["suite", "seed", "repeats", "agent"] as const).filter(
    (part) => before[part] !== plan[part],
  );
  if (changed.length === 0) return;
  const shown = changed.map((part) =>
    part === "suite"
      ? "the suite is not as it was"
      : `${part} was ${String(before[part])}, is ${String(plan[part])}`,
  );
  throw errors.SDK_RUN_FOLDER({ folder, reason: `it holds another run: ${shown.join("; ")}` });
}

function damaged(folder: string, line: number) {
  return errors.SDK_RUN_FOLDER({ folder, reason: `line ${line} of ${JOURNAL_FILE} is damaged` });
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    // The caller says which line it is.
    return undefined;
  }
}

function keyOf(scenario: number, repeat: number): string {
  return `${scenario}/${repeat}`;
}
