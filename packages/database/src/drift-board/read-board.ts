import { sql } from "kysely";
import { checkedLimit } from "../session/limit.ts";
import { instant, within } from "../session/period.ts";
import { PROFILE_REFERENCE_JSON } from "../session/profile-columns.ts";
import { profileId } from "../session/profile-id.ts";
import type { Executor } from "../session/session.ts";
import { timeText } from "../session/time.ts";
import type {
  BoardWindow,
  BoardWindowsRequest,
  FeatureAroundRequest,
  FeatureHistoryRequest,
  FeatureInWindow,
  SpcPointList,
  SpcPointsRequest,
  WindowDetails,
} from "./drift-board-repository.ts";
import { FEATURE_FIGURES } from "./feature-columns.ts";

export async function boardWindows(
  request: BoardWindowsRequest,
  db: Executor,
): Promise<readonly BoardWindow[]> {
  const limit = checkedLimit(request.limit);
  const measured =
    request.measuredOnly === true
      ? sql`and (d.status = 'failed' or d.status = 'done' and d.observed > 0)`
      : sql``;
  const { rows } = await sql<BoardWindow>`
    select d.id, ${timeText("d.window_start")} as "windowStart",
      ${timeText("d.window_end")} as "windowEnd", d.status,
      d.status = 'done' and d.alerting as alerting, d.revised,
      d.skipped_windows as "skippedWindows", d.last_error as "lastError",
      case when d.status = 'done' then (
        select coalesce(json_agg(${FEATURE_FIGURES}), '[]')
        from json_array_elements(d.result -> 'features') f) end as features
    from scouter.drift_window d
    where d.profile_id = ${profileId(request.profileUid)} and ${within("d.window_end", request)}
      ${measured}
    order by d.window_end desc limit ${limit}`.execute(db);
  return rows;
}

type DetailRow = Omit<WindowDetails, "window"> & WindowDetails["window"];

export async function windowDetails(id: number, db: Executor): Promise<WindowDetails | undefined> {
  const { rows } = await sql<DetailRow>`
    select ${PROFILE_REFERENCE_JSON} as reference, p.profile, d.id,
      ${timeText("d.window_start")} as window_start, ${timeText("d.window_end")} as window_end,
      d.status, d.attempts, d.last_error, d.revised, d.skipped_windows, d.observed, d.late,
      ${timeText("d.started_at")} as started_at, ${timeText("d.ended_at")} as ended_at,
      d.status = 'done' and d.alerting as alerting,
      case when d.status = 'done' then d.result end as result,
      coalesce(p.body_changed_at > d.ended_at, false) as "profileChanged",
      (select coalesce(json_agg(json_build_object('id', a.id, 'feature', a.entity_name,
          'opened_here', a.window_end = d.window_end) order by a.id), '[]')
        from scouter.alert a where a.profile_id = d.profile_id
          and a.window_end <= d.window_end and a.last_window_end >= d.window_end) as alerts,
      (select o.id from scouter.drift_window o where o.profile_id = d.profile_id
        and o.window_end < d.window_end order by o.window_end desc limit 1) as "previousId",
      (select o.id from scouter.drift_window o where o.profile_id = d.profile_id
        and o.window_end > d.window_end order by o.window_end limit 1) as "nextId"
    from scouter.drift_window d join scouter.profile p on p.id = d.profile_id
    where d.id = ${id}`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { reference, profile, alerting, result, profileChanged, alerts, ...rest } = row;
  const { previousId, nextId, ...window } = rest;
  return {
    reference,
    profile,
    window,
    alerting,
    result,
    profileChanged,
    alerts,
    previousId,
    nextId,
  };
}

export async function featureHistory(
  { profileUid, feature, limit }: FeatureHistoryRequest,
  db: Executor,
): Promise<readonly FeatureInWindow[]> {
  const { rows } = await sql<FeatureInWindow>`
    select d.id as "windowId", ${timeText("d.window_end")} as "windowEnd", d.status,
      case when d.status = 'done' then (
        select ${FEATURE_FIGURES} from json_array_elements(d.result -> 'features') f
        where f ->> 'name' = ${feature} limit 1) end as feature
    from scouter.drift_window d where d.profile_id = ${profileId(profileUid)}
    order by d.window_end desc limit ${checkedLimit(limit)}`.execute(db);
  return rows;
}

export async function featureAround(
  { profileUid, feature, windowId, each }: FeatureAroundRequest,
  db: Executor,
): Promise<readonly FeatureInWindow[]> {
  const { rows } = await sql<FeatureInWindow>`
    with middle as (
      select profile_id, window_end from scouter.drift_window
      where id = ${windowId} and profile_id = ${profileId(profileUid)}
    ), near as (
      (select d.* from scouter.drift_window d join middle m on m.profile_id = d.profile_id
        where d.window_end <= m.window_end order by d.window_end desc limit ${each + 1})
      union all
      (select d.* from scouter.drift_window d join middle m on m.profile_id = d.profile_id
        where d.window_end > m.window_end order by d.window_end limit ${each})
    )
    select d.id as "windowId", ${timeText("d.window_end")} as "windowEnd", d.status,
      case when d.status = 'done' then (
        select ${FEATURE_FIGURES} from json_array_elements(d.result -> 'features') f
        where f ->> 'name' = ${feature} limit 1) end as feature
    from near d order by d.window_end`.execute(db);
  return rows;
}

export async function spcPoints(request: SpcPointsRequest, db: Executor): Promise<SpcPointList> {
  const { rows } = await sql<SpcPointList>`
    with received as (
      select o.* from scouter.spc_observation o
      join scouter.observed_series s on s.id = o.series_id
      where o.profile_id = ${profileId(request.profileUid)} and s.name = ${request.feature}
        and o.received_at > ${instant(request.startMs)}
        and o.received_at <= ${instant(request.endMs)}
        and o.value not in ('NaN', 'Infinity', '-Infinity')
    ), shown as (
      select * from received o order by o.created_at desc, o.received_at desc, o.position desc
      limit ${checkedLimit(request.limit)}
    )
    select (select count(*) from received) as total,
      (select coalesce(json_agg(json_build_object('at', ${timeText("o.created_at")},
        'value', o.value) order by o.created_at, o.received_at, o.position), '[]')
        from shown o) as points`.execute(db);
  return rows[0] as SpcPointList;
}
