import { uuidv7, type Transport } from "@scouter/sdk";
import { metricsMessage } from "./observed-values.ts";

export const RECORDS_PER_MESSAGE = 25;
const SENDS_AT_ONCE = 16;
const PAUSE_MS = 50;

export interface BrokerLoad {
  /** Records that the broker confirmed so far. */
  confirmed(): number;
  /** Resolves when every record is confirmed; with the attempts that had to be repeated. */
  readonly finished: Promise<{ readonly repeated: number }>;
}

/** Sends records through a transport, each message again with the same identity until it is confirmed. */
export function startBrokerLoad(
  transport: Transport,
  profileUid: string,
  records: number,
): BrokerLoad {
  const producer = uuidv7();
  let next = 0;
  let confirmed = 0;
  let repeated = 0;
  const sender = async () => {
    while (next * RECORDS_PER_MESSAGE < records) {
      const number = next;
      next += 1;
      const first = number * RECORDS_PER_MESSAGE;
      const itemCount = Math.min(RECORDS_PER_MESSAGE, records - first);
      const body = metricsMessage(profileUid, first, itemCount);
      const batch = { body, itemCount, producer, sequence: number + 1 };
      while ((await transport.send(batch)).outcome !== "acknowledged") {
        repeated += 1;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
      confirmed += itemCount;
    }
  };
  return {
    confirmed: () => confirmed,
    finished: Promise.all(Array.from({ length: SENDS_AT_ONCE }, sender)).then(() => ({ repeated })),
  };
}
