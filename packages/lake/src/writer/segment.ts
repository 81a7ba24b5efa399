import { BIGINT, DuckDBDataChunk, INTEGER, VARCHAR, type DuckDBAppender } from "@duckdb/node-api";
import type { Engine } from "../engine/duckdb-engine.ts";
import { stagedColumns } from "../table/trace-spans.ts";
import { fillColumn, type StagedType } from "./fill-column.ts";
import { stagedColumnValues, type StagedSpan } from "./staged-rows.ts";

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
  #sealed = false;
  #waiting: StagedSpan[] = [];
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
  get isEmpty(): boolean {
    return this.#lastSequence < this.firstSequence;
  }
  get isSealed(): boolean {
    return this.#sealed;
  }

  /** Adds the next entry. Sequences are consecutive. */
  add(sequence: number, spans: readonly StagedSpan[]): void {
    if (this.#sealed || sequence !== this.#lastSequence + 1) {
      throw new Error(`segment ${this.table}: entry ${sequence} after ${this.#lastSequence}`);
    }
    this.#lastSequence = sequence;
    this.#spanCount += spans.length;
    for (const span of spans) this.#waiting.push(span);
    if (this.#waiting.length >= CHUNK_ROWS) this.#appendFullChunks();
  }

  /** Makes everything added so far visible to statements of the engine. */
  materialize(): void {
    if (this.#waiting.length > 0) {
      this.#appendChunk(this.#waiting);
      this.#waiting = [];
    }
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

  #appendFullChunks(): void {
    let start = 0;
    for (; start + CHUNK_ROWS <= this.#waiting.length; start += CHUNK_ROWS) {
      this.#appendChunk(this.#waiting.slice(start, start + CHUNK_ROWS));
    }
    this.#waiting = this.#waiting.slice(start);
  }

  #appendChunk(rows: readonly StagedSpan[]): void {
    for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
      const part = rows.slice(start, start + CHUNK_ROWS);
      const data = DuckDBDataChunk.create(chunkTypes, part.length);
      stagedColumnValues(part).forEach((values, column) => {
        fillColumn(data.chunk, column, stagedTypes[column] as StagedType, values);
      });
      this.#appender.appendDataChunk(data);
    }
  }
}
