import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { randomUUID } from "node:crypto";

/** Tasks by kind, as a profile holds them; kinds that are left out are empty. */
export interface ProfileTasks {
  readonly assertion?: readonly object[];
  readonly judge?: readonly object[];
  readonly trace?: readonly object[];
  readonly agent?: readonly object[];
}

const twoTasks: ProfileTasks = {
  assertion: [
    {
      id: "answered",
      context_path: "answer",
      operator: "IsNotEmpty",
      expected_value: true,
      condition: true,
    },
    {
      id: "right",
      context_path: "answer",
      operator: "Equals",
      expected_value: "${expected}",
      depends_on: ["answered"],
    },
  ],
};

/** Registers an agent profile, of two tasks with a gate first unless others are given, and returns its uid. */
export async function registerProfile(
  httpUrl: string,
  name = "helper",
  tasks = twoTasks,
): Promise<string> {
  const profile = {
    config: { space: "support", name, version: "0.0.0", uid: randomUUID(), drift_type: "Agent" },
    tasks: { assertion: [], judge: [], trace: [], agent: [], ...tasks },
    scouter_version: "0.1.0",
    task_ids: Object.values(tasks).flatMap((list: readonly object[]) =>
      list.map((task) => (task as { readonly id: string }).id),
    ),
    alias: name,
    workflow: null,
  };
  const response = await guestFetch(`${httpUrl}/scouter/profile`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      space: "support",
      drift_type: "Agent",
      profile: JSON.stringify(profile),
      version_request: { version: null, version_type: "Minor", pre_tag: null, build_tag: null },
      active: true,
      deactivate_others: false,
    }),
  });
  const reply = (await response.json()) as { uid?: string };
  if (!response.ok || reply.uid === undefined) {
    throw new Error(`registration answered ${response.status}: ${JSON.stringify(reply)}`);
  }
  return reply.uid;
}

/** A message of `count` eval records of the profile, and their uids. */
export function recordMessage(entityUid: string, count: number) {
  const uids = Array.from({ length: count }, () => randomUUID());
  const records = uids.map((uid, index) => ({
    AgentEval: {
      record: {
        record_id: `question ${index}`,
        session_id: randomUUID(),
        created_at: new Date().toISOString(),
        uid,
        context: { answer: index % 3 === 0 ? "" : "42", expected: index % 3 === 1 ? "42" : "43" },
        entity_uid: entityUid,
      },
    },
  }));
  return { body: JSON.stringify({ records }), uids };
}
