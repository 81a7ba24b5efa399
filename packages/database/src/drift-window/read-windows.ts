import type { DriftWindow, DriftWindowStatus } from "@scouter/contracts";
import { sql } from "kysely";
import { errors } from "../errors.ts";
import { checkedLimit } from "../session/limit.ts";
import type { Executor } from "../session/session.ts";
import { storableTime, timeText } from "../session/time.ts";
import type {
  LatestWindow,
  ScheduleError,
  WindowCounts,
  WindowList,
  WindowListRequest,
} from "./drift-window-repository.ts";

const WINDOW = sql`w.id, p.uid as profile_uid, ${timeText("w.window_start")} as window_start,
  ${timeText("w.window_end")} as window_end, w.status, w.attempts, w.last_error, w.revised,
  w.skipped_windows, w.result, w.observed, w.late, ${timeText("w.started_at")} as started_at,
  ${timeText("w.ended_at")} as ended_at`;

export async function windowById(windowId: number, db: Executor): Promise<DriftWindow | undefined> {
  const { rows } = await sql<DriftWindow>`
    select ${WINDOW} from scouter.drift_window w join scouter.profile p on p.id = w.profile_id
    where w.id = ${windowId}`.execute(db);
  return rows[0];
}

export async function windowList(request: WindowListRequest, db: Executor): Promise<WindowList> {
  const limit = checkedLimit(request.limit);
  const { cursor, status } = request;
  const before =
    cursor === undefined ? sql`` : sql`and w.window_end < ${readCursor(cursor)}::timestamptz`;
  const ofStatus = status === undefined ? sql`` : sql`and w.status = ${status}`;
  const { rows } = await sql<DriftWindow>`
    select ${WINDOW}
    from scouter.profile p join scouter.drift_window w on w.profile_id = p.id
    where p.uid = ${request.profileUid.toLowerCase()} ${before} ${ofStatus}
    order by w.window_end desc limit ${limit + 1}`.execute(db);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, nextCursor: last?.window_end ?? null };
}

function readCursor(cursor: string): string {
  try {
    return storableTime(cursor);
  } catch (cause) {
    throw errors.DATABASE_CURSOR_INVALID({ given: cursor }, { cause });
  }
}

const NO_WINDOWS: WindowCounts = { due: 0, running: 0, done: 0, failed: 0, skipped: 0 };

export async function windowCounts(
  profileUid: string | undefined,
  db: Executor,
): Promise<WindowCounts> {
  const ofProfile =
    profileUid === undefined
      ? sql``
      : sql`where profile_id = (select id from scouter.profile where uid = ${profileUid.toLowerCase()})`;
  const { rows } = await sql<{ status: DriftWindowStatus; windows: number }>`
    select status, sum(case status when 'skipped' then skipped_windows else 1 end)::bigint as windows
    from scouter.drift_window ${ofProfile} group by status`.execute(db);
  return { ...NO_WINDOWS, ...Object.fromEntries(rows.map((row) => [row.status, row.windows])) };
}

export async function latestWindows(db: Executor): Promise<readonly LatestWindow[]> {
  const { rows } = await sql<LatestWindow>`
    select p.uid as "profileUid", ${timeText("w.window_end")} as "windowEnd", w.result
    from scouter.profile p cross join lateral (
      select window_end, result from scouter.drift_window
      where profile_id = p.id and measured order by window_end desc limit 1
    ) w
    order by p.id`.execute(db);
  return rows;
}

export async function scheduleErrors(db: Executor): Promise<readonly ScheduleError[]> {
  const { rows } = await sql<ScheduleError>`
    select p.uid as "profileUid", s.error
    from scouter.drift_schedule s join scouter.profile p on p.id = s.profile_id
    where s.error is not null order by p.id`.execute(db);
  return rows;
}
