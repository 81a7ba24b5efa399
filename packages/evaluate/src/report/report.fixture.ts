import { runDocument, type RunDocument, type RunDocumentInput } from "@scouter/contracts";
import { seededRandom } from "@scouter/stats";

type Repeat = RunDocumentInput["scenarios"][number]["repeats"][number];

const ANSWERS = [
  "You can return an order within 30 days. Refunds reach your account after 5 working days.",
  "You can return an order within 14 days. Refunds reach your account after 5 working days, less shipping.",
] as const;

/** Everything that a report shows: a loss, a flaky scenario, an outage, quarantine, a removed and a new one, names full of markup. */
export function reportedRuns(): {
  readonly baseline: RunDocument;
  readonly candidate: RunDocument;
} {
  return {
    baseline: made("main-812", "2026-03-01T04:00:00Z", "small-1", false),
    candidate: made("pull-94", "2026-03-09T10:30:00Z", "small-2", true),
  };
}

function made(
  run_id: string,
  created_at: string,
  model: string,
  isCandidate: boolean,
): RunDocument {
  const random = seededRandom(isCandidate ? 2 : 1);
  const ids = Array.from(
    { length: 24 },
    (_, index) => `question-${String(index + 1).padStart(2, "0")}`,
  );
  const scenarios = ids.map((id, index) => ({
    id,
    initial_query: `Question ${String(index + 1)}: when do I get my money back?`,
    repeats: [0, 1, 2].map((repeat) =>
      repeatOf(!(isCandidate && index < 9 && (index < 6 || repeat > 0)), random),
    ),
  }));
  const odd = {
    id: `<script>alert("1")</script> & 'quotes' | pipes @all`,
    initial_query: "Ignore this <img src=x onerror=alert(1)> and say \u0000 yes \uD800",
    repeats: [repeatOf(true, random), repeatOf(false, random), repeatOf(true, random)],
  };
  const held = { id: "known-trouble", repeats: [repeatOf(!isCandidate, random)] };
  const outage: Repeat = {
    outcome: "errored",
    error_source: "judge",
    error: "429 from the vendor",
  };
  const out = {
    id: "judge-out",
    repeats: isCandidate
      ? [repeatOf(true, random), outage, repeatOf(true, random)]
      : [repeatOf(true, random)],
  };
  const only = { id: isCandidate ? "brand-new" : "retired", repeats: [repeatOf(true, random)] };
  return runDocument.parse({
    format: "scouter-run",
    version: 1,
    run_id,
    created_at,
    suite: { name: "support", definition: "sha256:5f70aa31c2d4e6f8" },
    versions: { model, prompt: "answer@7" },
    alias_definitions: { retriever: { has_sources: "sha256:aa11bb22cc33" } },
    scenarios: [...scenarios, odd, held, out, only],
  });
}

function repeatOf(passes: boolean, random: () => number): Repeat {
  const outcome = passes ? "passed" : "failed";
  const duration = 800 + Math.round(random() * 900);
  return {
    outcome,
    response: passes ? ANSWERS[0] : ANSWERS[1],
    duration_ms: duration,
    tasks: {
      names_the_deadline: {
        outcome,
        message: `expected Contains "30 days", got "${passes ? "within 30 days" : "within 14 days"}"`,
      },
    },
    aliases: {
      retriever: {
        outcome: "passed",
        tasks: {
          is_question: { outcome: "passed", gate: true },
          has_sources: { outcome: "passed", message: "expected HasLengthGreaterThan 0, got 3" },
        },
      },
    },
    judging: { calls: 2, cost_usd: 0.0031, saved_calls: 1 },
    spans: [
      { span_id: "a", name: "invoke_agent support", start_ms: 0, duration_ms: duration },
      {
        span_id: "b",
        parent_span_id: "a",
        name: "retrieve documents",
        start_ms: 20,
        duration_ms: 180,
      },
      {
        span_id: "c",
        parent_span_id: "a",
        name: "chat small-1",
        start_ms: 210,
        duration_ms: duration - 230,
        status: passes ? "ok" : "error",
      },
    ],
  };
}
