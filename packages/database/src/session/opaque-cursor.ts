import { errors } from "../errors.ts";
import { storableTime } from "./time.ts";

/** A place in a list that is ordered by time and id. */
export interface TimePlace {
  /** RFC 3339, UTC, microseconds. */
  readonly time: string;
  readonly id: number;
}

/** Text that clients hand back as it came. */
export function timeCursor({ time, id }: TimePlace): string {
  return Buffer.from(JSON.stringify([time, id])).toString("base64url");
}

/** @throws DATABASE_CURSOR_INVALID */
export function readTimeCursor(cursor: string): TimePlace {
  try {
    const [time, id] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as unknown[];
    if (typeof time === "string" && Number.isSafeInteger(id)) {
      return { time: storableTime(time), id: id as number };
    }
  } catch (cause) {
    throw errors.DATABASE_CURSOR_INVALID({ given: cursor }, { cause });
  }
  throw errors.DATABASE_CURSOR_INVALID({ given: cursor });
}

export function idCursor(id: number): string {
  return Buffer.from(JSON.stringify([id])).toString("base64url");
}

/** @throws DATABASE_CURSOR_INVALID */
export function readIdCursor(cursor: string): number {
  try {
    const [id] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as unknown[];
    if (Number.isSafeInteger(id)) return id as number;
  } catch (cause) {
    throw errors.DATABASE_CURSOR_INVALID({ given: cursor }, { cause });
  }
  throw errors.DATABASE_CURSOR_INVALID({ given: cursor });
}
