import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import { randomUUID } from "node:crypto";

/** A server under load, and the uid of the profile whose records are sent. */
export interface LoadTarget {
  readonly httpUrl: string;
  readonly otlpUrl: string;
  readonly profileUid: string;
}

const PROFILE_TASKS = [
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
  {
    id: "short",
    context_path: "answer",
    operator: "HasLengthLessThan",
    expected_value: 200,
    depends_on: ["answered"],
  },
  {
    id: "polite",
    context_path: "answer",
    operator: "NotContains",
    expected_value: "no",
    depends_on: ["answered"],
  },
];

/** Registers an agent profile of four assertions, one of them a gate. */
export async function registerProfile(httpUrl: string): Promise<string> {
  const profile = {
    config: {
      space: "bench",
      name: "smoke",
      version: "0.0.0",
      uid: randomUUID(),
      drift_type: "Agent",
    },
    tasks: { assertion: PROFILE_TASKS, judge: [], trace: [], agent: [] },
    scouter_version: "0.1.0",
    task_ids: PROFILE_TASKS.map((task) => task.id).sort(),
    workflow: null,
  };
  const reply = await postJson(`${httpUrl}/scouter/profile`, {
    space: "bench",
    drift_type: "Agent",
    profile: JSON.stringify(profile),
    version_request: { version: null, version_type: "Minor" },
    active: true,
  });
  return ((await reply.json()) as { uid: string }).uid;
}

export function recordMessage(target: LoadTarget, count: number) {
  const uids = Array.from({ length: count }, () => randomUUID());
  const records = uids.map((uid, index) => ({
    AgentEval: {
      record: {
        created_at: new Date().toISOString(),
        uid,
        context: { question: `question ${index}`, answer: String(index % 5), expected: "3" },
        entity_uid: target.profileUid,
      },
    },
  }));
  return { uids, message: { records } };
}

export async function postJson(url: string, body: unknown): Promise<Response> {
  const reply = await guestFetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!reply.ok) throw new Error(`${url} answered ${reply.status}: ${await reply.text()}`);
  return reply;
}

/** Milliseconds from sending one record to its results being readable. */
export async function recordToResultMs(target: LoadTarget): Promise<number> {
  const { uids, message } = recordMessage(target, 1);
  const started = performance.now();
  await postJson(`${target.httpUrl}/scouter/message`, message);
  for (;;) {
    const reply = await guestFetch(`${target.httpUrl}/scouter/agent/task?record_uid=${uids[0]}`);
    const { tasks } = (await reply.json()) as { tasks: unknown[] };
    if (tasks.length > 0) return performance.now() - started;
    if (performance.now() - started > 10_000) throw new Error("no result within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
