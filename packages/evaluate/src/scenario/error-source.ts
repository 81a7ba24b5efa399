import { type ErrorSource, errorSource, isScouterError } from "@scouter/contracts";

/** How deep causes are followed: past this it is a circle. */
const MAX_CAUSES = 10;

/** Codes that Node, undici and operating systems give to connections that fail. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_SOCKET",
]);
const OUTAGE_KINDS: ReadonlySet<string> = new Set(["busy", "unavailable", "timeout"]);

/**
 * Whose error an agent's is. An error that says so itself (`errorSource`) is believed. One of a service that the agent
 * called, such as a model (HTTP 429 or 5xx, a connection that failed), is the provider's, wherever it is among the causes;
 * any other is the agent's.
 */
export function errorSourceOf(error: unknown): ErrorSource {
  const chain = causesOf(error);
  for (const own of chain) {
    const said = errorSource.safeParse(member(own, "errorSource"));
    if (said.success) return said.data;
  }
  return chain.some(isOutage) ? "provider" : "agent";
}

export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === "" ? error.name : error.message;
}

function isOutage(error: unknown): boolean {
  if (isScouterError(error) && OUTAGE_KINDS.has(error.kind)) return true;
  const code = member(error, "code");
  if (typeof code === "string" && CONNECTION_CODES.has(code)) return true;
  return ["status", "statusCode", "httpStatus"].some((name) => {
    const status = member(error, name);
    return typeof status === "number" && (status === 429 || (status >= 500 && status <= 599));
  });
}

/** The error, what caused it, what it gathers (`AggregateError`) and what a client's retries ended with. */
function causesOf(error: unknown): readonly unknown[] {
  const found: unknown[] = [error];
  for (const own of found) {
    if (found.length > MAX_CAUSES) break;
    const gathered = member(own, "errors");
    const next = [
      member(own, "cause"),
      member(own, "lastError"),
      ...(Array.isArray(gathered) ? (gathered as unknown[]) : []),
    ];
    found.push(...next.filter((cause) => typeof cause === "object" && !found.includes(cause)));
  }
  return found.filter((own) => own !== null && own !== undefined);
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
