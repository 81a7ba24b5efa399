import { sql } from "kysely";

/** Begin of the oldest time whose rows a window may still read; null when none may: a scalar subquery. */
export const NEEDED_SINCE = sql<string | null>`(select least(
  (select min(planned_through) from scouter.drift_schedule
    where not paused and next_plan_at is not null),
  (select min(window_start) from scouter.drift_window where due_at is not null),
  (select min(window_start) from scouter.drift_window where unsettled)
))`;
