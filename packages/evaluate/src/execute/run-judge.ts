import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { askJudge, judgeRequest, type JudgeCall } from "../judge/ask-judge.ts";
import { answerValue } from "../judge/checked-chat-model.ts";
import { SpendMeter } from "../judge/spend.ts";
import { withTimeLimit } from "../judge/time-limit.ts";
import { decided, takeVotes, type Tally } from "../judge/votes.ts";
import type { ChatRequest } from "../port/chat-model.ts";
import { expectationFor } from "./check-value.ts";
import type { CompiledTask, PreparedExpectation } from "./compiled-task.ts";
import { conclusionOfThrown, errored, type Conclusion } from "./conclusion.ts";
import { checkAt } from "./run-assertion.ts";
import type { RunScope } from "./run-scope.ts";

const DEFAULT_TASK_TIMEOUT_MS = 180_000;

/**
 * Asks a judge about what the task sees and compares its answer. Templates of the expected value are filled from what the
 * task sees, not from the answer. Dependents see the whole answer.
 */
export async function runJudge(
  task: CompiledTask,
  context: Json,
  scope: RunScope,
): Promise<Conclusion> {
  if (task.subject.kind !== "judge") {
    throw errors.EVALUATE_TASK_UNSUPPORTED({ taskType: task.subject.kind });
  }
  const { judge } = task.subject;
  const { judging, clock } = scope.ports;
  const expectation = expectationFor(task.expectation, context);
  const { provider, model, votes } = judge;
  if (judging === undefined) throw errors.EVALUATE_JUDGE_MODEL_MISSING({ provider, model });
  const meter = new SpendMeter();
  const call: JudgeCall = { judge, judging, clock, owner: scope.entityUid, meter };
  const request = judgeRequest(judge, judging, context);
  const limitMs = judging.taskTimeoutMs ?? DEFAULT_TASK_TIMEOUT_MS;
  const conclude = async (): Promise<Conclusion> => {
    const tally = await withTimeLimit(
      (signal) =>
        takeVotes(votes, (vote) => castVote({ task, expectation, call, request, vote, signal })),
      {
        clock,
        limitMs,
        signal: scope.signal,
        expired: () => errors.EVALUATE_JUDGE_TIMEOUT({ model, waitedMs: limitMs }),
      },
    );
    return verdictOf(tally, votes, expectation);
  };
  const conclusion = await conclude().catch(conclusionOfThrown);
  return { ...conclusion, judge: { provider, model, ...meter.usage } };
}

interface Vote {
  readonly task: CompiledTask;
  readonly expectation: PreparedExpectation;
  readonly call: JudgeCall;
  readonly request: ChatRequest;
  readonly vote: number;
  readonly signal: AbortSignal;
}

async function castVote(cast: Vote): Promise<Conclusion> {
  const { task, expectation, call, request, vote, signal } = cast;
  try {
    const answer = await askJudge(call, request, vote, signal);
    const value = answerValue(answer);
    return { ...checkAt(task, task.path, expectation, value), output: value };
  } catch (thrown) {
    signal.throwIfAborted();
    return conclusionOfThrown(thrown);
  }
}

/** The first vote of the side that won speaks for it. */
function verdictOf(tally: Tally, votes: number, expectation: PreparedExpectation): Conclusion {
  const side = decided(tally, votes);
  const [speaker] = side === undefined ? tally.errored : tally[side];
  const [passed, failed] = [tally.passed.length, tally.failed.length];
  if (speaker === undefined) throw new Error("a judge ended without any vote");
  if (votes === 1) return { ...speaker, expected: speaker.expected ?? expectation.value };
  if (side === undefined) {
    const reason = speaker.detail.replace(/^: /, "");
    const error = errors.EVALUATE_JUDGE_UNDECIDED({ passed, failed, votes, reason });
    return errored(error, { expected: expectation.value });
  }
  const stand = ` with ${passed} of ${passed + failed} votes for it`;
  return { ...speaker, detail: `${stand}${speaker.detail}` };
}
