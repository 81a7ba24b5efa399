import { expect, it } from "vitest";
import { queuedEntitiesOf } from "./queued-entities.ts";

const A = "018f0000-0000-7000-8000-00000000000a";
const B = "018f0000-0000-7000-8000-00000000000b";
const RECORD = "018f0000-0000-7000-8000-0000000000ff";

const queue = ["scouter.queue.record", `"${RECORD}"`] as const;
const entity = (uid: string) => [`scouter.entity.${uid}`, `"${uid}"`] as const;
const event = (...attributes: (readonly [string, string])[]) => ({
  timeUnixNano: 0n,
  name: "e",
  attributes: new Map(attributes),
  droppedAttributesCount: 0,
});

const cases: readonly {
  readonly name: string;
  readonly attributes?: readonly (readonly [string, string])[];
  readonly events?: readonly ReturnType<typeof event>[];
  readonly expected: readonly string[];
}[] = [
  { name: "no record", attributes: [entity(A)], expected: [] },
  { name: "beside each other", attributes: [queue, entity(B), entity(A)], expected: [A, B] },
  {
    name: "an event with a record and one without",
    events: [event(queue, entity(A)), event(entity(B))],
    expected: [A],
  },
  {
    name: "record on the span, entity on an event",
    attributes: [queue],
    events: [event(entity(A))],
    expected: [],
  },
  {
    name: "a record that is no id",
    attributes: [["scouter.queue.record", '"x"'], entity(A)],
    expected: [],
  },
  {
    name: "an entity that is no text",
    attributes: [queue, ["scouter.entity.n", "7"]],
    expected: [],
  },
];

it.each(cases)("$name", ({ attributes = [], events = [], expected }) => {
  const span = { attributes: new Map(attributes), events, queueIds: [RECORD] };
  expect(queuedEntitiesOf(span)).toEqual(expected);
});

it("does not look at a span that queues nothing", () => {
  const span = { attributes: new Map([queue, entity(A)]), events: [], queueIds: [] };
  expect(queuedEntitiesOf(span)).toEqual([]);
});
