import type { JsonObject } from "@scouter/contracts";
import type { TraceDigest, TraceTree } from "@scouter/lake";
import type { SpanRow } from "@scouter/telemetry";
import type { ApiFixture } from "./api-fixture.ts";

export function sampleProfile(overrides: JsonObject = {}): JsonObject {
  return {
    config: { space: "support", name: "answers", version: "0.0.0", uid: "client-uid" },
    tasks: {
      assertion: [
        {
          id: "has_answer",
          context_path: "answer",
          operator: "IsNotEmpty",
          expected_value: true,
          condition: true,
        },
        {
          id: "is_short",
          context_path: "answer",
          operator: "HasLengthLessThan",
          expected_value: 10,
          depends_on: ["has_answer"],
        },
      ],
      judge: [],
      trace: [],
      agent: [],
    },
    scouter_version: "0.1.0",
    task_ids: ["has_answer", "is_short"],
    zzz_unknown_field: { kept: true },
    ...overrides,
  };
}

export function profileRequestOf(profile: unknown = sampleProfile()): JsonObject {
  return {
    space: "support",
    drift_type: "Agent",
    profile: JSON.stringify(profile, null, 2),
    version_request: { version: null, version_type: "Minor" },
  };
}

/** @returns the uid */
export async function registerSampleProfile(app: ApiFixture["app"]): Promise<string> {
  const url = "/scouter/profile";
  const reply = await app.inject({ method: "POST", url, payload: profileRequestOf() });
  return reply.json<{ uid: string }>().uid;
}

/** One element of `records`. */
export function agentEval(entityUid: string, uid: string, fields: JsonObject = {}): JsonObject {
  const record = {
    created_at: "2026-03-01T10:00:00.123456789Z",
    uid,
    entity_uid: entityUid,
    context: { answer: "42" },
    ...fields,
  };
  return { AgentEval: { record } };
}

export function spanRow(fields: Partial<SpanRow> = {}): SpanRow {
  return {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    parentSpanId: null,
    traceState: "",
    flags: 1,
    name: "answer",
    kind: "SERVER",
    startTimeUnixNano: 1_767_225_600_000_000_000n,
    endTimeUnixNano: 1_767_225_600_250_999_999n,
    statusCode: 1,
    statusMessage: "",
    serviceName: "support",
    scopeName: "demo",
    scopeVersion: null,
    attributes: new Map(),
    resourceAttributes: new Map(),
    events: [],
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    input: null,
    output: null,
    entityIds: [],
    queueIds: [],
    ...fields,
  };
}

const NO_TOKENS = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, reasoning: 0 };

export function traceDigest(fields: Partial<TraceDigest> = {}): TraceDigest {
  return {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    rootName: "answer",
    rootSpanId: "00f067aa0ba902b7",
    rootService: "support",
    rootGenAiKind: "agent",
    services: ["support"],
    startTimeUnixNano: 1_767_225_600_000_000_500n,
    durationNano: 250_999_999n,
    spanCount: 1,
    errorCount: 0,
    tokens: NO_TOKENS,
    models: [],
    conversationId: null,
    inputPreview: null,
    outputPreview: null,
    ...fields,
  };
}

/** A root alone. */
export function traceTree(fields: Partial<TraceTree> = {}): TraceTree {
  return {
    digest: traceDigest(),
    levels: 1,
    rows: {
      spanId: ["00f067aa0ba902b7"],
      parentSpanId: [null],
      depth: [0],
      name: ["answer"],
      service: ["support"],
      kind: ["SERVER"],
      genAiKind: ["agent"],
      startOffsetNano: [0],
      durationNano: [250_999_999],
      statusCode: [1],
      errorsBelow: [0],
      childCount: [0],
      descendantCount: [0],
      inputTokens: [null],
      outputTokens: [null],
      isOrphan: [false],
    },
    ...fields,
  };
}
