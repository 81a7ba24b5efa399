import {
  agentAssertion,
  responseProviders,
  traceAssertion,
  type AgentAssertion,
  type Json,
  type ResponseProvider,
  type TraceAssertion,
} from "@scouter/contracts";
import { errors } from "../errors.ts";
import { exceedsDepth } from "../json/json-depth.ts";

/** Filters within filters: more than people write, little enough to be read by functions that call themselves. */
const MAX_ASSERTION_DEPTH = 100;
const MAX_SHOWN_ISSUES = 5;

interface Schema<Value> {
  safeParse(value: unknown):
    | { readonly success: true; readonly data: Value }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly {
            readonly path: readonly PropertyKey[];
            readonly message: string;
          }[];
        };
      };
}

/** @throws EVALUATE_ASSERTION_INVALID with the place and what is expected there */
export function readAgentAssertion(value: Json): AgentAssertion {
  return read(agentAssertion, value);
}

/** @throws EVALUATE_ASSERTION_INVALID with the place and what is expected there */
export function readTraceAssertion(value: Json): TraceAssertion {
  return read(traceAssertion, value);
}

/** @throws EVALUATE_ASSERTION_INVALID */
export function readProvider(name: string | null | undefined): ResponseProvider | null {
  if (name === null || name === undefined) return null;
  const provider = responseProviders.find((known) => known === name);
  if (provider !== undefined) return provider;
  const reason = `unknown provider '${name}': expected ${responseProviders.join(", ")}`;
  throw errors.EVALUATE_ASSERTION_INVALID({ reason });
}

function read<Value>(schema: Schema<Value>, value: Json): Value {
  if (exceedsDepth(value, MAX_ASSERTION_DEPTH)) {
    const reason = `it is nested deeper than ${MAX_ASSERTION_DEPTH} levels`;
    throw errors.EVALUATE_ASSERTION_INVALID({ reason });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, MAX_SHOWN_ISSUES).map(({ path, message }) => {
    const place = path.map(String).join(".");
    return place === "" ? message : `${place}: ${message}`;
  });
  throw errors.EVALUATE_ASSERTION_INVALID({ reason: issues.join("; ") });
}
