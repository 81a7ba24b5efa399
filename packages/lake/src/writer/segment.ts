import { BIGINT, DuckDBDataChunk, INTEGER, VARCHAR, type DuckDBAppender } from "@duckdb/node-api";
import type { Engine } from "../engine/duckdb-engine.ts";
import { stagedColumns } from "../table/trace-spans.ts";
import { type ColumnPart, fillColumn } from "./fill-column.ts";
import type { StagedType } from "./staged-column.ts";
import { addDays, type StagedRows, traceRuns } from "./staged-rows.ts";

/** The engine's vector size: most rows a data chunk holds. */
const CHUNK_ROWS = 2048;

const stagedTypes = stagedColumns.map(({ type }) => type as StagedType);
const chunkTypes = stagedTypes.map((type) => ({ VARCHAR, BIGINT, INTEGER })[type]);

/** What a segment needs of the engine. */
export type SegmentEngine = Pick<Engine, "appending" | "withConnection">;

/**
 * Accepted, unflushed spans of one owner: a consecutive run of its log entries in a staging table of the engine.
 *
 * A segment is open (entries are added) and then sealed (a flush writes exactly this run). Reads take it whole or not
 * at all, because a flush commits it whole. The table is dropped only when no read has it pinned.
 */
export class Segment {
  readonly owner: string;
  readonly table: string;
  /** Last entry in it; equals `firstSequence - 1` while empty. */
  #lastSequence: number;
  readonly firstSequence: number;
  #spanCount = 0;
  #mostTraces = 0;
  readonly #days = new Set<number>();
  #sealed = false;
  /** Not in the table yet, of the first from that row on. */
  #waiting: StagedRows[] = [];
  #waitingFrom = 0;
  #waitingCount = 0;
  #pins = 0;
  #dropped = false;
  readonly #engine: SegmentEngine;
  readonly #appender: DuckDBAppender;

  private constructor(
    engine: SegmentEngine,
    appender: DuckDBAppender,
    table: string,
    owner: string,
    firstSequence: number,
  ) {
    this.#engine = engine;
    this.#appender = appender;
    this.table = table;
    this.owner = owner;
    this.firstSequence = firstSequence;
    this.#lastSequence = firstSequence - 1;
  }

  static async create(
    engine: SegmentEngine,
    table: string,
    owner: string,
    firstSequence: number,
  ): Promise<Segment> {
    const columns = stagedColumns.map((column) => `${column.name} ${column.type}`).join(", ");
    await engine.withConnection((connection) =>
      connection.run(`CREATE TABLE ${table} (${columns})`),
    );
    const appender = await engine.appending.createAppender(table);
    return new Segment(engine, appender, table, owner, firstSequence);
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }
  get spanCount(): number {
    return this.#spanCount;
  }
  /** Of how many traces it holds spans at most: a trace counts each time its spans begin anew behind those of another. */
  get mostTraces(): number {
    return this.#mostTraces;
  }
  /** Days of the partitions that its rows go to, ascending. */
  get days(): readonly number[] {
    return [...this.#days].toSorted((left, right) => left - right);
  }
  get isEmpty(): boolean {
    return this.#lastSequence < this.firstSequence;
  }
  get isSealed(): boolean {
    return this.#sealed;
  }

  /** Adds the next entry. Sequences are consecutive. */
  add(sequence: number, rows: StagedRows): void {
    if (this.#sealed || sequence !== this.#lastSequence + 1) {
      throw new Error(`segment ${this.table}: entry ${sequence} after ${this.#lastSequence}`);
    }
    this.#lastSequence = sequence;
    if (rows.count === 0) return;
    this.#spanCount += rows.count;
    this.#mostTraces += traceRuns(rows);
    addDays(rows, this.#days);
    this.#waiting.push(rows);
    this.#waitingCount += rows.count;
    while (this.#waitingCount >= CHUNK_ROWS) this.#appendChunk(CHUNK_ROWS);
  }

  /** Makes everything added so far visible to statements of the engine. */
  materialize(): void {
    if (this.#waitingCount > 0) this.#appendChunk(this.#waitingCount);
    if (!this.#sealed) this.#appender.flushSync();
  }

  /** No more entries; everything is visible. */
  seal(): void {
    if (this.#sealed) return;
    this.materialize();
    this.#appender.closeSync();
    this.#sealed = true;
  }

  pin(): void {
    this.#pins += 1;
  }

  async unpin(): Promise<void> {
    this.#pins -= 1;
    if (this.#pins === 0 && this.#dropped) await this.#dropTable();
  }

  /** The lake holds it now: frees the memory as soon as no read needs it. */
  async drop(): Promise<void> {
    if (this.#dropped) return;
    this.seal();
    this.#dropped = true;
    if (this.#pins === 0) await this.#dropTable();
  }

  async #dropTable(): Promise<void> {
    await this.#engine.withConnection((connection) =>
      connection.run(`DROP TABLE IF EXISTS ${this.table}`),
    );
  }

  #appendChunk(count: number): void {
    const parts = this.#takeWaiting(count);
    const data = DuckDBDataChunk.create(chunkTypes, count);
    stagedTypes.forEach((type, index) => {
      fillColumn(
        data.chunk,
        index,
        type,
        parts.map(({ rows, ...part }) => columnOf(rows, index, part)),
      );
    });
    this.#appender.appendDataChunk(data);
  }

  /** The next rows of what waits, in pieces of entries. */
  #takeWaiting(count: number) {
    const parts: { readonly rows: StagedRows; readonly from: number; readonly count: number }[] =
      [];
    let left = count;
    let taken = 0;
    for (const rows of this.#waiting) {
      if (left === 0) break;
      const from = this.#waitingFrom;
      const part = Math.min(left, rows.count - from);
      parts.push({ rows, from, count: part });
      left -= part;
      const isWhole = from + part === rows.count;
      this.#waitingFrom = isWhole ? 0 : from + part;
      if (isWhole) taken += 1;
    }
    this.#waiting.splice(0, taken);
    this.#waitingCount -= count;
    return parts;
  }
}

function columnOf(
  { columns }: StagedRows,
  index: number,
  { from, count }: Omit<ColumnPart, "column">,
): ColumnPart {
  return { column: columns[index] ?? null, from, count };
}
