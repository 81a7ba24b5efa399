import type { SendResult } from "./transport.ts";

/** The part of a transport that every adapter shares: which sends are under way, and closing after the last of them. */
export interface SendsUnderWay {
  /** Runs one send; refuses it once closed. */
  run(send: () => Promise<SendResult>): Promise<SendResult>;
  /** Refuses further sends and waits for those under way; idempotent. */
  close(): Promise<void>;
}

const refusedAfterClose: SendResult = {
  outcome: "failed",
  code: "SDK_TRANSPORT_CLOSED",
  reason: "the transport was closed before this send",
};

export function sendsUnderWay(): SendsUnderWay {
  const open = new Set<Promise<SendResult>>();
  let closed = false;
  return {
    async run(send) {
      if (closed) return refusedAfterClose;
      const running = send();
      open.add(running);
      try {
        return await running;
      } finally {
        open.delete(running);
      }
    },
    async close() {
      closed = true;
      await Promise.allSettled(open);
    },
  };
}
