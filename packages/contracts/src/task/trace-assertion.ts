import { z } from "zod";
import type { Json } from "../record/json.ts";
import { jsonValue } from "../record/scalar.ts";
import { tagged } from "./tagged.ts";
import { agentAssertionTask, assertionTask } from "./task.ts";

export type SpanFilter =
  | { readonly type: "ByName"; readonly name: string }
  | { readonly type: "ByNamePattern"; readonly pattern: string }
  | { readonly type: "WithAttribute"; readonly key: string }
  | { readonly type: "WithAttributeValue"; readonly key: string; readonly value: Json }
  | { readonly type: "WithStatus"; readonly status: "Ok" | "Error" | "Unset" }
  | {
      readonly type: "WithDuration";
      /** Whole milliseconds, both bounds included. */
      readonly min_ms?: number | null | undefined;
      readonly max_ms?: number | null | undefined;
    }
  | { readonly type: "Sequence"; readonly names: readonly string[] }
  | { readonly type: "And"; readonly filters: readonly SpanFilter[] }
  | { readonly type: "Or"; readonly filters: readonly SpanFilter[] };

const filters = z.lazy(() => z.object({ filters: z.array(spanFilter) }));
// Only the object's shape matters to `tagged`; the lazy wrapper ends the circle of definitions.
const composite = filters as unknown as z.ZodObject<{ filters: z.ZodArray<z.ZodType<SpanFilter>> }>;

/** Which spans are meant. */
export const spanFilter: z.ZodType<SpanFilter, Json> = tagged("span filter", {
  ByName: z.object({ name: z.string() }),
  ByNamePattern: z.object({ pattern: z.string() }),
  WithAttribute: z.object({ key: z.string() }),
  WithAttributeValue: z.object({ key: z.string(), value: jsonValue }),
  WithStatus: z.object({ status: z.enum(["Ok", "Error", "Unset"]) }),
  WithDuration: z.object({ min_ms: z.number().nullish(), max_ms: z.number().nullish() }),
  Sequence: z.object({ names: z.array(z.string()) }),
  And: composite,
  Or: composite,
});

export const aggregation = z.enum(["Count", "Sum", "Average", "Min", "Max", "First", "Last"]);
export type Aggregation = z.infer<typeof aggregation>;

const nothing = z.object({});

/** What an attribute filter does with each value. Both tasks are whole ones; their ids and dependencies mean nothing. */
const attributeFilterTask = tagged("attribute filter task", {
  Assertion: assertionTask.extend({ id: z.string().default("") }),
  AgentAssertion: agentAssertionTask.extend({ id: z.string().default("") }),
});

const variants = {
  SpanSequence: z.object({ span_names: z.array(z.string()) }),
  SpanSet: z.object({ span_names: z.array(z.string()) }),
  SpanCount: z.object({ filter: spanFilter }),
  SpanExists: z.object({ filter: spanFilter }),
  SpanAttribute: z.object({ filter: spanFilter, attribute_key: z.string() }),
  SpanDuration: z.object({ filter: spanFilter }),
  SpanAggregation: z.object({ filter: spanFilter, attribute_key: z.string(), aggregation }),
  TraceDuration: nothing,
  TraceSpanCount: nothing,
  TraceErrorCount: nothing,
  TraceServiceCount: nothing,
  TraceMaxDepth: nothing,
  TraceAttribute: z.object({ attribute_key: z.string() }),
  AttributeFilter: z.object({
    key: z.string(),
    task: attributeFilterTask,
    mode: z.enum(["Any", "All"]),
  }),
} as const;

/** What a trace assertion takes from the spans of a trace. */
export const traceAssertion = tagged("trace assertion", variants);
export type TraceAssertion = z.output<typeof traceAssertion>;
