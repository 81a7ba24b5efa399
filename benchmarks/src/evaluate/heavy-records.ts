import { taskBuckets, type Json, type JsonObject, type TaskBuckets } from "@scouter/contracts";

export interface HeavyRecord {
  readonly name: string;
  readonly tasks: TaskBuckets;
  readonly context: Json;
}

const none = { assertion: [], judge: [], trace: [], agent: [] };
const WORDS = ["order", "shipping", "delay", "invoice", "return", "customer", "refund", "track"];

function wordAt(index: number): string {
  return WORDS[index % WORDS.length] ?? "";
}

/** Records that keep a processor busy for longer than a request may wait. */
export function heavyRecords(): readonly HeavyRecord[] {
  const documents = Array.from({ length: 20_000 }, (_, index): JsonObject => ({
    id: `doc-${index}`,
    score: (index % 100) / 100,
    text: `${wordAt(index)} ${"lorem ipsum dolor sit amet ".repeat(7)}${index}`,
    labels: [wordAt(index * 7), wordAt(index * 3)],
  }));
  const text = Array.from({ length: 20_000 }, (_, index) => wordAt(index * 5)).join(" ");
  return [
    {
      name: "context of 5 MB",
      tasks: assertions([
        ["documents[*].score", "InRange", [0, 1]],
        ["documents[*].text", "Contains", "lorem"],
        ["documents[*].id", "HasUniqueItems", true],
        ["documents", "HasLengthGreaterThan", 10],
      ]),
      context: { documents },
    },
    {
      name: "10,000 tasks",
      tasks: assertions(
        Array.from({ length: 10_000 }, (_, index) => [
          "answer",
          index % 2 === 0 ? "Contains" : "Matches",
          index % 2 === 0 ? "order" : `order \\d+ ${index}?`,
        ]),
      ),
      context: { answer: "The order 4711 was sent on Monday" },
    },
    {
      name: "patterns on long texts",
      tasks: assertions(
        Array.from({ length: 20 }, (_, index) => [
          "answer",
          "Matches",
          `(shipping|delay|invoice)( \\w+){1,4} refund${index}`,
        ]),
      ),
      context: { answer: text },
    },
    {
      name: "schema of a long list",
      tasks: assertions([["documents", "MatchesJsonSchema", documentsSchema]]),
      context: { documents },
    },
  ];
}

const documentsSchema: Json = {
  type: "array",
  items: {
    type: "object",
    properties: {
      id: { type: "string", minLength: 1 },
      score: { type: "number", minimum: 0, maximum: 1 },
      text: { type: "string" },
      labels: { type: "array", items: { type: "string" } },
    },
    required: ["id", "score", "text", "labels"],
    additionalProperties: false,
  },
};

function assertions(rows: readonly (readonly [string, string, Json] | readonly Json[])[]) {
  const assertion = rows.map(([context_path, operator, expected_value], index) => ({
    id: `t${index}`,
    context_path,
    operator,
    expected_value,
  }));
  return taskBuckets.parse({ ...none, assertion });
}
