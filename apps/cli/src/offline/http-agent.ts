import { agentRequest, answerOf, RemoteAgentError } from "./agent-protocol.ts";
import type { LoadedAgent } from "./loaded-agent.ts";

/** What gateways and overloaded services answer; any other error status is the agent's own. */
const OUTAGE_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * An agent behind a URL: each message is one POST of JSON, answered with JSON or text. A URL that cannot be reached is an
 * error of the harness: nothing was asked.
 */
export function httpAgent(url: string, runId: string): LoadedAgent {
  return {
    name: url,
    close: async () => {},
    async agent(message, context) {
      const reply = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-scouter-scenario": encodeURIComponent(context.scenario.id),
        },
        body: JSON.stringify(agentRequest(message, context, runId)),
        signal: context.signal,
      }).catch((cause: unknown) => {
        if (context.signal.aborted) throw cause;
        const reason = cause instanceof Error ? (cause.cause ?? cause) : cause;
        throw new RemoteAgentError(`${url} cannot be reached: ${String(reason)}`, "harness", {
          cause,
        });
      });
      const text = await reply.text();
      if (reply.ok) return answerOf(text);
      const source = OUTAGE_STATUS.has(reply.status) ? "provider" : "agent";
      const shown = text.length > 500 ? `${text.slice(0, 500)}...` : text;
      throw new RemoteAgentError(`${url} answered ${String(reply.status)}: ${shown}`, source);
    },
  };
}
