/** Why an item was dropped before it could be sent. */
export type DropReason = "full" | "invalid" | "closed";

/**
 * Where every offered item is. At any moment
 * `offered = sampledOut + dropped.full + dropped.invalid + dropped.closed + pending + inFlight + acknowledged + spooled + sum(rejected)`.
 */
export interface DeliveryStats {
  readonly offered: number;
  /** Left out by the profile's sample ratio. */
  readonly sampledOut: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** In the buffer. */
  readonly pending: number;
  /** Taken from the buffer: being serialised, under way, or waiting for a retry. */
  readonly inFlight: number;
  /** Stored by the server, or confirmed by the broker. */
  readonly acknowledged: number;
  /** Left on the disk by a shutdown, for the app's next start to send; 0 without a spool. */
  readonly spooled: number;
  /** Never to be accepted, by code of the server or transport; `SDK_RETRIES_EXHAUSTED` when the tries ended. */
  readonly rejected: Readonly<Record<string, number>>;
}

/** Right side of the identity: equals `offered` at any moment. */
export function accountedItems(stats: DeliveryStats): number {
  const { full, invalid, closed } = stats.dropped;
  return (
    stats.sampledOut +
    full +
    invalid +
    closed +
    stats.pending +
    stats.inFlight +
    stats.acknowledged +
    stats.spooled +
    rejectedItems(stats)
  );
}

export function rejectedItems(stats: Pick<DeliveryStats, "rejected">): number {
  return Object.values(stats.rejected).reduce((sum, count) => sum + count, 0);
}

export function sumOfStats(parts: readonly DeliveryStats[]): DeliveryStats {
  const total = (of: (stats: DeliveryStats) => number) =>
    parts.reduce((sum, part) => sum + of(part), 0);
  const rejected = new Map<string, number>();
  for (const [code, count] of parts.flatMap((part) => Object.entries(part.rejected))) {
    rejected.set(code, (rejected.get(code) ?? 0) + count);
  }
  return {
    offered: total((part) => part.offered),
    sampledOut: total((part) => part.sampledOut),
    dropped: {
      full: total((part) => part.dropped.full),
      invalid: total((part) => part.dropped.invalid),
      closed: total((part) => part.dropped.closed),
    },
    pending: total((part) => part.pending),
    inFlight: total((part) => part.inFlight),
    acknowledged: total((part) => part.acknowledged),
    spooled: total((part) => part.spooled),
    rejected: Object.fromEntries(rejected),
  };
}
