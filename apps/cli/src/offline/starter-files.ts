/** A file that `scouter eval init` writes. */
export interface StarterFile {
  /** From the folder that was named. */
  readonly path: string;
  readonly text: string;
}

const SUITE = `# What the agent must do. See 'scouter eval run --help'.
name: starter
versions:
  suite: "1"

# Checks of every scenario. They see query, response, turns, expected_outcome, ground_truth and metadata.
tasks:
  - task_type: Assertion
    id: answers
    context_path: response
    operator: IsNotEmpty
    expected_value: true
  - task_type: Assertion
    id: says_what_is_true
    context_path: response
    operator: Contains
    expected_value: \${ground_truth.answer}
    depends_on: [answers]

scenarios:
  - id: opening-hours
    initial_query: When are you open?
    ground_truth: { answer: 9 to 17 }

  - id: returns
    initial_query: Can I send something back?
    predefined_turns:
      - And who pays for the parcel?
    ground_truth: { answer: the sender }

  # Every failure that production shows you becomes a scenario here.
  - id: unknown
    initial_query: What is the meaning of life?
    ground_truth: { answer: I do not know }
`;

const AGENT = `import type { TurnContext } from "@scouter/sdk/offline";

/** The agent that the suite asks. Replace the body by a call of your own; what it throws is its scenario's outcome. */
export default async function agent(message: string, { signal }: TurnContext): Promise<string> {
  signal.throwIfAborted();
  if (message.includes("open")) return "We are open from 9 to 17.";
  if (message.includes("parcel")) return "For the parcel pays the sender.";
  if (message.includes("send something back")) return "Yes, within 30 days.";
  return "I do not know.";
}

/** Shown beside results. */
export const versions = { agent: "0.1.0" };
`;

const WORKFLOW = `name: agent evaluation
on:
  pull_request:
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 24
      - run: npm ci
      # Exit code 1: the agent got worse than evals/baseline. 3: nothing is known, for example because a model is down.
      - run: >-
          npx scouter eval run evals/suite.yaml --agent evals/agent.ts
          --baseline evals/baseline/results.json
          --reporter table,junit,markdown,html --out evals/results
      - if: always()
        uses: actions/upload-artifact@v4
        with:
          name: evaluation
          path: evals/results
`;

/** A suite that passes, an agent to fill in, and a workflow for pull requests. */
export const starterFiles: readonly StarterFile[] = [
  { path: "evals/suite.yaml", text: SUITE },
  { path: "evals/agent.ts", text: AGENT },
  { path: ".github/workflows/agent-evaluation.yml", text: WORKFLOW },
];
