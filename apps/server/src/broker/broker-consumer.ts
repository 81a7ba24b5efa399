/** The brokers that a server takes messages from, as logs, metrics and parked messages call them. */
export type BrokerName = "kafka" | "rabbitmq" | "redis-stream" | "redis-channel";

/**
 * Takes messages of one broker and hands each to a `BrokerIntake`.
 *
 * Contract (suite: `apps/server/test/broker-contract.ts`, on real brokers):
 * - `start` returns at once, also when the broker is away: the consumer connects as soon as it is there, and again
 *   whenever it comes back. What goes wrong is told to `BrokerEvents.onTrouble`, never thrown.
 * - The broker is told that a message is done only after the intake has stored or parked it. A message that was taken and
 *   not done is delivered again, to this process or another. (A Redis channel delivers once, whatever happens.)
 * - `drain` takes nothing further and resolves when all that was taken is done or given back. `abort` makes what is not
 *   done yet be given back at once.
 */
export interface BrokerConsumer {
  readonly broker: BrokerName;
  start(): void;
  drain(): Promise<void>;
  abort(): void;
}

/** What a consumer tells of itself. None may throw. */
export interface BrokerEvents {
  onConnected(broker: BrokerName): void;
  /** Not connected, or something went wrong that the consumer recovers from by itself. */
  onTrouble(broker: BrokerName, error: unknown): void;
  /** A message was stored, but the broker could not be told: it will come again, and be recognised. */
  onAckFailed(broker: BrokerName, error: unknown): void;
}
