import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json, buffer } from "node:stream/consumers";
import { isScouterError } from "@scouter/contracts";
import { ExportTraceServiceRequestType } from "@scouter/testkit/otlp/descriptor";
import type { ExportRequest, OtlpSpan } from "@scouter/testkit/otlp/export-request";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runDemo } from "./run-demo.ts";

interface SentRecord {
  readonly uid: string;
  readonly entity_uid: string;
  readonly trace_id: string;
  readonly context: {
    readonly expected: { readonly in_scope: boolean; readonly value: number | null };
    readonly answer: { readonly value: number | null };
    readonly tool_calls: readonly { readonly ok: boolean }[];
  };
}

const PROFILE_UID = "0190a000-0000-7000-8000-000000000001";

/** A server that takes everything and keeps it. */
interface Sink {
  readonly baseUrl: string;
  readonly spans: OtlpSpan[];
  readonly records: SentRecord[];
  /** Status of the replies to records. */
  recordStatus: number;
  close(): void;
}

let sink: Sink;
beforeEach(async () => {
  sink = await startSink();
});
afterEach(() => sink.close());

async function startSink(): Promise<Sink> {
  const spans: OtlpSpan[] = [];
  const records: SentRecord[] = [];
  const replies: Record<string, (body: unknown) => object> = {
    "/scouter/profile": (body) => {
      const { space, profile } = body as { space: string; profile: string };
      const { name } = (JSON.parse(profile) as { config: { name: string } }).config;
      return { space, name, version: "0.1.0", uid: PROFILE_UID, status: "success", active: true };
    },
    "/scouter/message": (body) => {
      const sent = body as { records: { AgentEval: { record: SentRecord } }[] };
      records.push(...sent.records.map(({ AgentEval }) => AgentEval.record));
      return { status: "success", message: "stored" };
    },
  };
  const server = createServer((request, response) => {
    void (async () => {
      if (request.url === "/v1/traces") {
        const decoded = ExportTraceServiceRequestType.decode(await buffer(request));
        spans.push(...spansOf(decoded as unknown as ExportRequest));
        response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
        return;
      }
      const refused = request.url === "/scouter/message" && started.recordStatus !== 200;
      const reply = replies[request.url ?? ""]?.(await json(request)) ?? {};
      response.writeHead(refused ? started.recordStatus : 200);
      response.end(JSON.stringify(refused ? { code: "REFUSED", error: "no" } : reply));
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const started: Sink = {
    baseUrl: `http://127.0.0.1:${String(port)}`,
    spans,
    records,
    recordStatus: 200,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return started;
}

function spansOf(request: ExportRequest): readonly OtlpSpan[] {
  return request.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans),
  );
}

function traceIdOf(span: OtlpSpan): string {
  return Buffer.from(span.traceId ?? []).toString("hex");
}

function attributeNames(span: OtlpSpan): readonly string[] {
  return (span.attributes ?? []).map(({ key }) => key ?? "");
}

const QUESTIONS = 40;

describe("runDemo", () => {
  it("reports exactly what it sent", async () => {
    const report = await runDemo({ baseUrl: sink.baseUrl, questions: QUESTIONS });

    expect(report).toMatchObject({
      questions: QUESTIONS,
      recordsOffered: QUESTIONS,
      acknowledged: QUESTIONS,
      profile: { space: "examples", name: "car-support-answers", uid: PROFILE_UID },
    });
    expect(sink.spans).toHaveLength(report.spansExported);
    expect(new Set(sink.records.map(({ uid }) => uid))).toEqual(
      new Set(report.answers.map(({ recordUid }) => recordUid)),
    );
    for (const { traceId, recordUid, spans } of report.answers) {
      expect(sink.spans.filter((span) => traceIdOf(span) === traceId)).toHaveLength(spans);
      const record = sink.records.find(({ uid }) => uid === recordUid);
      expect(record).toMatchObject({ trace_id: traceId, entity_uid: PROFILE_UID });
    }
  });

  it("makes right and wrong answers, tool failures and off-topic questions", async () => {
    await runDemo({ baseUrl: sink.baseUrl, questions: QUESTIONS });
    const contexts = sink.records.map(({ context }) => context);
    const inScope = contexts.filter(({ expected }) => expected.in_scope);
    const right = inScope.filter(({ answer, expected }) => answer.value === expected.value);
    expect(inScope.length).toBeLessThan(contexts.length);
    expect(right.length).toBeGreaterThan(inScope.length / 2);
    expect(right.length).toBeLessThan(inScope.length);
    expect(contexts.some(({ tool_calls }) => tool_calls.some(({ ok }) => !ok))).toBe(true);
  });

  it("traces every step by the conventions and links the record to the agent's span", async () => {
    await runDemo({ baseUrl: sink.baseUrl, questions: QUESTIONS });
    const named = (prefix: string) =>
      sink.spans.filter(({ name = "" }) => name.startsWith(`${prefix} `));
    const [agents, chats, toolCalls] = [
      named("invoke_agent"),
      named("chat"),
      named("execute_tool"),
    ];
    expect(agents).toHaveLength(QUESTIONS);
    expect(agents.length + chats.length + toolCalls.length).toBe(sink.spans.length);
    const answered = chats.filter(({ status }) => status?.code !== 2);
    for (const span of answered) {
      expect(attributeNames(span)).toEqual(
        expect.arrayContaining([
          "gen_ai.operation.name",
          "gen_ai.provider.name",
          "gen_ai.request.model",
          "gen_ai.response.model",
          "gen_ai.response.finish_reasons",
          "gen_ai.usage.input_tokens",
          "gen_ai.usage.output_tokens",
          "gen_ai.input.messages",
          "gen_ai.output.messages",
          "gen_ai.conversation.id",
        ]),
      );
    }
    const failed = sink.spans.filter(({ status }) => status?.code === 2);
    expect(failed.length).toBeGreaterThan(0);
    for (const span of failed) expect(attributeNames(span)).toContain("error.type");
    for (const span of toolCalls) {
      expect(attributeNames(span)).toEqual(
        expect.arrayContaining(["gen_ai.tool.name", "gen_ai.tool.call.id"]),
      );
    }
    for (const span of agents) {
      expect(span.events?.map(({ name }) => name)).toContain("scouter.queue.event");
    }
  });

  it("repeats itself for the same seed", async () => {
    await runDemo({ baseUrl: sink.baseUrl, questions: 10, seed: 3 });
    await runDemo({ baseUrl: sink.baseUrl, questions: 10, seed: 3 });
    const answers = sink.records.map(({ context }) => JSON.stringify(context.answer)).sort();
    const pairs = answers.filter((_, index) => index % 2 === 0);
    expect(pairs).toEqual(answers.filter((_, index) => index % 2 === 1));
  });

  it("fails when records are refused", async () => {
    sink.recordStatus = 403;
    await expect(runDemo({ baseUrl: sink.baseUrl, questions: 3 })).rejects.toSatisfy(
      (error) => isScouterError(error) && error.code === "DEMO_NOT_DELIVERED",
    );
  });

  it("ends with the signal's reason, after sending what was asked so far", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const onProgress = ({ answered }: { answered: number }) => {
      if (answered === 5) stop.abort(reason);
    };
    const run = runDemo({ baseUrl: sink.baseUrl, questions: 30, signal: stop.signal, onProgress });
    await expect(run).rejects.toBe(reason);
    expect(sink.records.length).toBeGreaterThanOrEqual(5);
    expect(sink.records.length).toBeLessThan(30);
    expect(new Set(sink.spans.map(traceIdOf)).size).toBeGreaterThanOrEqual(sink.records.length);
  });
});
