import { sendsUnderWay } from "./sends-under-way.ts";
import type { OutgoingBatch, SendResult, Transport, TransportCapabilities } from "./transport.ts";
import { untilAborted } from "./until-aborted.ts";

/** What differs between brokers. */
export interface BrokerLink {
  readonly name: string;
  readonly capabilities: TransportCapabilities;
  /** Limit of one attempt, waiting for a connection included. */
  readonly timeoutMs: number;
  /**
   * One attempt. A rejection means that nothing is known to be stored, and is reported as a retry; what can never
   * succeed is returned as `failed`. May ignore the signal: the attempt then goes on unobserved.
   */
  publish(batch: OutgoingBatch, signal: AbortSignal): Promise<SendResult>;
  /** Gives connections back; called once, after the last send. */
  disconnect(): Promise<void>;
}

/** The part that every broker shares: limits of an attempt, abort, and closing after the sends under way. */
export function brokerTransport(link: BrokerLink): Transport {
  const sends = sendsUnderWay();
  let closing: Promise<void> | undefined;

  async function attempt(
    batch: OutgoingBatch,
    signal: AbortSignal | undefined,
  ): Promise<SendResult> {
    signal?.throwIfAborted();
    const limit = AbortSignal.timeout(link.timeoutMs);
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
    try {
      return await untilAborted(link.publish(batch, either), either);
    } catch (error) {
      if (signal?.aborted === true) throw signal.reason;
      const reason = limit.aborted
        ? `no confirmation within ${link.timeoutMs} ms`
        : describeError(error);
      return { outcome: "retry", reason: `${link.name}: ${reason}` };
    }
  }

  return {
    name: link.name,
    capabilities: link.capabilities,
    send: (batch, { signal } = {}) => sends.run(() => attempt(batch, signal)),
    close: () => (closing ??= sends.close().then(() => link.disconnect())),
  };
}

export const confirmed: SendResult = { outcome: "acknowledged", rejected: [] };

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
