import type { Exporters } from "./exporters.ts";
import type { Pod } from "./member.ts";
import { SPANS_PER_REQUEST } from "./trial.ts";

/** Reads through the pods, as the API does: table and unflushed rows together. */
export interface PodReaders {
  readonly faults: readonly string[];
  reads(): number;
  finish(): Promise<void>;
}

/**
 * Counts of a pod never fall while it lives, an acknowledged trace is there as a whole or, at another pod, not yet. A
 * pod that is killed or stands still does not answer; any answer but a good one is a fault.
 */
export function startPodReaders(pods: readonly Pod[], exporters: Exporters): PodReaders {
  const faults: string[] = [];
  let reads = 0;
  let finishing = false;
  const read = async (pod: Pod) => {
    while (!finishing) {
      const { traceIds } = exporters;
      const traceId = traceIds[Math.floor(Math.random() * traceIds.length)];
      const spanIds = traceId && (await ask<readonly string[]>(pod, `/trace/${traceId}`, faults));
      if (spanIds && spanIds.length !== 0 && spanIds.length !== SPANS_PER_REQUEST) {
        faults.push(`${pod.name}: ${spanIds.length} spans of trace ${traceId}`);
      }
      const counts = await ask<{ traces: number; spans: number }>(pod, "/counts", faults);
      if (counts && counts.spans !== counts.traces * SPANS_PER_REQUEST) {
        faults.push(`${pod.name}: ${counts.spans} spans in ${counts.traces} traces`);
      }
      if (spanIds || counts) reads += 1;
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  };
  const running = pods.map((pod) => read(pod));
  return {
    faults,
    reads: () => reads,
    async finish() {
      finishing = true;
      await Promise.all(running);
    },
  };
}

/** Undefined when there is no answer. */
async function ask<Answer>(
  { name, url }: Pod,
  path: string,
  faults: string[],
): Promise<Answer | undefined> {
  const reply = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(10_000) }).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    () => undefined,
  );
  if (reply === undefined) return undefined;
  if (reply.status === 200) return JSON.parse(reply.text) as Answer;
  faults.push(`${name}: ${path} answered ${reply.status}: ${reply.text}`);
  return undefined;
}
