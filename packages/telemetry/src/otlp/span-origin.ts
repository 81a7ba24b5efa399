import type { ScouterError } from "@scouter/contracts";

const UNKNOWN = "unknown";
const SERVICE_NAME = "service.name";

/** What the spans of one resource share. */
export interface ResourceOfSpans {
  readonly serviceName: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Why no span of the resource can be kept; null when they can. */
  readonly refusal: ScouterError | null;
}

/** What the spans of one instrumentation scope share. */
export interface ScopeOfSpans {
  readonly name: string;
  readonly version: string | null;
}

/** `attributes`: JSON text by key. A `service.name` that is absent, empty or no string is "unknown". */
export function resourceOfSpans(
  attributes: ReadonlyMap<string, string>,
  refusal: ScouterError | null,
): ResourceOfSpans {
  return { serviceName: serviceNameOf(attributes.get(SERVICE_NAME)), attributes, refusal };
}

export function scopeOfSpans(name: string, version: string): ScopeOfSpans {
  return { name: name === "" ? UNKNOWN : name, version: version === "" ? null : version };
}

function serviceNameOf(json: string | undefined): string {
  // Of all JSON texts of attribute values only those of strings start with a quote.
  if (json === undefined || !json.startsWith('"')) return UNKNOWN;
  return (JSON.parse(json) as string) || UNKNOWN;
}
