import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { randomUUID } from "node:crypto";

/** Registers an agent profile of two tasks, a gate first, and returns its uid. */
export async function registerProfile(httpUrl: string, name = "helper"): Promise<string> {
  const profile = {
    config: { space: "support", name, version: "0.0.0", uid: randomUUID(), drift_type: "Agent" },
    tasks: {
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
      judge: [],
      trace: [],
      agent: [],
    },
    scouter_version: "0.1.0",
    task_ids: ["answered", "right"],
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
