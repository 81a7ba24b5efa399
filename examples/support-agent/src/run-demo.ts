import { type Clock, systemClock } from "@scouter/contracts";
import {
  evalRecord,
  httpTransport,
  type RegisteredProfile,
  ScouterClient,
  ScouterQueue,
} from "@scouter/sdk";
import { recordOnSpan, type ScouterTracing, scouterTracing } from "@scouter/sdk/tracing";
import { chatClient } from "./agent/chat-client.ts";
import { AGENT_NAME, type AgentParts, answerQuestion } from "./agent/support-agent.ts";
import { tracedBy } from "./agent/traced.ts";
import { readCarList } from "./cars/car-list.ts";
import { errors } from "./errors.ts";
import { answerProfile, PROFILE_ALIAS } from "./evaluation/answer-profile.ts";
import { recordContext } from "./evaluation/record-context.ts";
import { startModelServer } from "./model/model-server.ts";
import { conversationId, makeQuestions } from "./question/make-questions.ts";
import type { Question } from "./question/question.ts";

export const DEFAULT_QUESTIONS = 60;
export const DEFAULT_SEED = 7;

/** Questions asked at once. */
const CONCURRENT_QUESTIONS = 4;
/** After so many questions everything sent is awaited, so that no buffer of the client overflows on long runs. */
const QUESTIONS_PER_ROUND = 200;
/** A question makes at most 7 spans; two rounds must fit. */
const SPAN_BUFFER = 4096;
const DELIVERY_TIMEOUT_MS = 60_000;

export interface DemoOptions {
  /** Who logs in at the server; default: what the SDK does without. */
  readonly login?: { readonly username: string; readonly password: string };
  /** Address of the Scouter server, such as `http://localhost:8000`. */
  readonly baseUrl: string;
  /** Where spans go, path included; default `<baseUrl>/v1/traces`. */
  readonly otlpEndpoint?: string;
  /** 1 to 100,000, default 60. */
  readonly questions?: number;
  /** Chooses questions and slips, default 7. */
  readonly seed?: number;
  /** Ends the run: what was asked so far is sent, then the run rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DemoProgress) => void;
  readonly clock?: Clock;
}

export interface DemoProgress {
  readonly answered: number;
  readonly questions: number;
}

/** What the run sent, to be compared with what the server holds. */
export interface DemoReport {
  readonly questions: number;
  readonly spansExported: number;
  readonly recordsOffered: number;
  readonly acknowledged: number;
  readonly profile: Pick<RegisteredProfile, "space" | "name" | "version" | "uid">;
  /** In order of the questions. */
  readonly answers: readonly AnsweredQuestion[];
}

export interface AnsweredQuestion {
  readonly questionId: string;
  readonly traceId: string;
  readonly recordUid: string;
  /** Spans of the trace. */
  readonly spans: number;
}

/**
 * Registers a new version of the demo's profile, then lets the agent answer questions about real cars while it is
 * traced and every answer is offered for evaluation. Resolves when the server has acknowledged all of it.
 *
 * @throws DEMO_QUESTIONS, DEMO_NOT_DELIVERED, or the SDK's error when the server cannot be reached
 */
export async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const { baseUrl, seed = DEFAULT_SEED, clock = systemClock } = options;
  options.signal?.throwIfAborted();
  const cars = await readCarList();
  const questions = makeQuestions(cars, options.questions ?? DEFAULT_QUESTIONS, seed);
  const client = new ScouterClient({ baseUrl, ...options.login });
  const profile = await client.registerProfile(answerProfile(), {
    active: true,
    deactivateOthers: true,
  });
  const tracing = await scouterTracing({
    serviceName: AGENT_NAME,
    endpoint: options.otlpEndpoint ?? `${baseUrl}/v1/traces`,
    ...(options.login === undefined ? {} : { token: () => client.accessToken() }),
    resourceAttributes: { "service.version": "1.0.0" },
    batch: { maxQueueSize: SPAN_BUFFER, scheduledDelayMs: 500 },
  });
  const queue = new ScouterQueue({
    profiles: { [PROFILE_ALIAS]: { uid: profile.uid } },
    transport: httpTransport({ baseUrl, ...options.login }),
    publishIntervalMs: 200,
  });
  const modelServer = await startModelServer({ seed });
  try {
    const spansOfTrace = new Map<string, number>();
    const traced = tracedBy(tracing.tracer("support-agent", "1.0.0"), (span) => {
      const { traceId } = span.spanContext();
      spansOfTrace.set(traceId, (spansOfTrace.get(traceId) ?? 0) + 1);
    });
    const chat = chatClient({ baseUrl: modelServer.baseUrl, traced, clock });
    const run: Run = {
      parts: { chat, traced, cars, clock },
      queue,
      tracing,
      profile,
      seed,
      options,
    };
    const answered = await askAll(run, questions);
    const answers = answered.map((answer) => ({
      ...answer,
      spans: spansOfTrace.get(answer.traceId) ?? 0,
    }));
    return report(run, questions, answers);
  } finally {
    await queue.shutdown({ timeoutMs: DELIVERY_TIMEOUT_MS });
    await tracing.shutdown();
    await modelServer.close();
  }
}

interface Run {
  readonly parts: AgentParts;
  readonly queue: ScouterQueue;
  readonly tracing: ScouterTracing;
  readonly profile: RegisteredProfile;
  readonly seed: number;
  readonly options: DemoOptions;
}

type SentAnswer = Omit<AnsweredQuestion, "spans">;

async function askAll(run: Run, questions: readonly Question[]): Promise<readonly SentAnswer[]> {
  const answers: SentAnswer[] = [];
  for (let from = 0; from < questions.length; from += QUESTIONS_PER_ROUND) {
    const round = questions.slice(from, from + QUESTIONS_PER_ROUND);
    answers.push(
      ...(await mapConcurrently(round, CONCURRENT_QUESTIONS, async (question, done) => {
        run.options.signal?.throwIfAborted();
        const sent = await ask(run, question);
        run.options.onProgress?.({ answered: from + done(), questions: questions.length });
        return sent;
      })),
    );
    await run.tracing.forceFlush();
    await run.queue.flush({ timeoutMs: DELIVERY_TIMEOUT_MS });
  }
  return answers;
}

function ask(run: Run, question: Question): Promise<SentAnswer> {
  const conversation = conversationId(run.seed, question);
  const inquiry = { text: question.text, conversation, signal: run.options.signal };
  return answerQuestion(run.parts, inquiry, (answer, span) => {
    const record = evalRecord({
      id: question.id,
      sessionId: conversation,
      context: recordContext(question, answer),
      spanContext: span.spanContext(),
      tags: { kind: question.kind },
    });
    if (run.queue.insert(PROFILE_ALIAS, record)) {
      recordOnSpan(span, { recordUid: record.uid, entityUid: run.profile.uid });
    }
    return {
      questionId: question.id,
      traceId: span.spanContext().traceId,
      recordUid: record.uid,
    };
  });
}

function report(
  { queue, profile }: Run,
  questions: readonly Question[],
  answers: readonly AnsweredQuestion[],
): DemoReport {
  const { offered, acknowledged, rejected } = queue.stats();
  if (acknowledged !== offered) {
    throw errors.DEMO_NOT_DELIVERED({ offered, acknowledged, rejected: JSON.stringify(rejected) });
  }
  const { space, name, version, uid } = profile;
  return {
    questions: questions.length,
    spansExported: answers.reduce((sum, answer) => sum + answer.spans, 0),
    recordsOffered: offered,
    acknowledged,
    profile: { space, name, version, uid },
    answers,
  };
}

/** Runs `work` on every item, `limit` at a time; results keep the items' order. `done` counts ended ones. */
async function mapConcurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item, done: () => number) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = Array.from({ length: items.length });
  const remaining = items.entries();
  let ended = 0;
  const lane = async () => {
    for (const [index, item] of remaining) {
      results[index] = await work(item, () => ++ended);
    }
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return results;
}
