import { type AlertMessage, keepsIncidents } from "@scouter/alerts";
import type { AlertMap, DispatchConfig, JsonObject } from "@scouter/contracts";
import type { DeadLetterChange, DeadLetterSource, DeadLetterTelling } from "@scouter/database";
import { CONSOLE, dispatchOfProfile } from "./alert-messages.ts";

const WORDS: Readonly<Record<DeadLetterSource, { entity: string; one: string; title: string }>> = {
  records: {
    entity: "records given up",
    one: "record could not be evaluated",
    title: "Records given up in",
  },
  windows: {
    entity: "windows given up",
    one: "drift window could not be computed",
    title: "Drift windows given up in",
  },
};

/**
 * What is stored and told of dead letters. Told when they appear, and when they are gone to channels that keep incidents; while
 * they last, only their number is kept up to date.
 *
 * @param standard where alerts go of profiles that name the console, as all do that say nothing
 */
export function deadLetterTelling(
  change: DeadLetterChange,
  standard: DispatchConfig = CONSOLE,
): DeadLetterTelling {
  const { entity } = WORDS[change.source];
  const alert = alertOf(change, entity);
  const dispatch = dispatchOfProfile(change.profile.profile, standard);
  const isTold =
    change.action === "opened" || (change.action === "resolved" && keepsIncidents(dispatch));
  const messages = isTold ? [toSend(change, messageOf(change, dispatch, alert))] : [];
  return { entityName: entity, alert, messages };
}

/** In the form of a metric whose baseline is 0: every client of alerts can show it. */
function alertOf({ profile, count }: DeadLetterChange, entity: string): AlertMap {
  const comparison = {
    metric_name: entity,
    baseline_value: 0,
    observed_value: count,
    delta: null,
    alert_threshold: "Above" as const,
  };
  return profile.driftType === "Agent" ? { Agent: comparison } : { Custom: comparison };
}

function messageOf(
  { source, action, profile, count, lastError, atMs }: DeadLetterChange,
  dispatch: DispatchConfig,
  alert: AlertMap,
): AlertMessage {
  const { uid, space, name, version, driftType } = profile;
  const { entity, one, title } = WORDS[source];
  const because = lastError === null ? "" : `: ${lastError}`;
  const counted = count === 1 ? `1 ${one}` : `${count} ${plural(one)}`;
  return {
    event: action === "resolved" ? "resolve" : "trigger",
    space,
    name,
    version,
    profile_uid: uid,
    drift_type: driftType,
    window_end: new Date(atMs).toISOString(),
    ...(action === "resolved" ? {} : { title, text: `${counted}${because}` }),
    ...(keepsIncidents(dispatch) ? { incident_key: `${uid}/dead-letters/${source}` } : {}),
    alerts: [{ entity_name: entity, alert }],
    dispatch_config: dispatch,
  };
}

function plural(one: string): string {
  return one.replace(/^(drift window|record)/, "$1s");
}

/** By profile, time and source, in the form that alerts find their messages by. */
function toSend({ source, action, profile }: DeadLetterChange, message: AlertMessage) {
  return {
    dedupKey: `${profile.uid}/${message.window_end}/dead-letters/${source}/${action}`,
    message: message as unknown as JsonObject,
  };
}
