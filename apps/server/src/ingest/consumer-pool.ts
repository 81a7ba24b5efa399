import type { BatchLimits, Channel, Settled } from "./channel.ts";

/** Answers each message of a batch, in order. A rejection answers them all with its error. */
export type BatchHandler<Message, Result> = (
  batch: readonly Message[],
) => Promise<readonly Settled<Result>[]>;

/** One transaction takes at most this much. */
export const BATCH_LIMITS: BatchLimits = { maxMessages: 64, maxBytes: 2 ** 20 };

/** Runs `consumers` loops over the channel. Resolves when it is closed, drained and every batch was answered. */
export async function runConsumers<Message, Result>(
  channel: Channel<Message, Result>,
  consumers: number,
  handle: BatchHandler<Message, Result>,
): Promise<void> {
  await Promise.all(Array.from({ length: consumers }, () => consume(channel, handle)));
}

async function consume<Message, Result>(
  channel: Channel<Message, Result>,
  handle: BatchHandler<Message, Result>,
): Promise<void> {
  for (;;) {
    const batch = await channel.take(BATCH_LIMITS);
    if (batch.length === 0) return;
    const outcomes = await answered(
      batch.map((delivery) => delivery.message),
      handle,
    );
    batch.forEach((delivery, index) => {
      delivery.settle(outcomes[index] ?? { status: "failed", error: MISSING_ANSWER });
    });
  }
}

const MISSING_ANSWER = new Error("a batch handler answered fewer messages than it was given");

async function answered<Message, Result>(
  messages: readonly Message[],
  handle: BatchHandler<Message, Result>,
): Promise<readonly Settled<Result>[]> {
  try {
    return await handle(messages);
  } catch (error) {
    return messages.map(() => ({ status: "failed", error }));
  }
}
