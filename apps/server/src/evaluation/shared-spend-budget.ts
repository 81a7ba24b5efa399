import type { Database } from "@scouter/database";
import type { Reservation, SpendBudget, SpendRefusal, SpendRequest } from "@scouter/evaluate";

/** So many dollars for each profile and day (UTC), kept in the database for all processes together. */
export class SharedSpendBudget implements SpendBudget {
  readonly #spend: Database["judgeSpend"];
  readonly #limitUsd: number;
  readonly #onTrouble: (error: unknown) => void;

  constructor(options: {
    readonly spend: Database["judgeSpend"];
    readonly limitUsd: number;
    /** A settlement was not stored: its reservation counts as spent until the day is over. */
    readonly onTrouble: (error: unknown) => void;
  }) {
    this.#spend = options.spend;
    this.#limitUsd = options.limitUsd;
    this.#onTrouble = options.onTrouble;
  }

  async reserve({ owner, usd }: SpendRequest): Promise<Reservation | SpendRefusal> {
    const limitUsd = this.#limitUsd;
    const limit = `the budget of ${limitUsd} USD a day`;
    if (usd === undefined) {
      const reason = `the model has no known price, so ${limit} cannot be kept`;
      return { granted: false, reason };
    }
    const reserved = await this.#spend.reserve({ owner, usd, limitUsd });
    if (!reserved.granted) {
      return { granted: false, reason: `${limit} has ${dollars(reserved.leftUsd)} USD left` };
    }
    const { day } = reserved;
    const settle = async (actualUsd: number) => {
      const settlement = { owner, day, reservedUsd: usd, usd: actualUsd };
      // An answer that was paid for must not be lost because its price could not be noted down.
      await this.#spend.settle(settlement).catch(this.#onTrouble);
    };
    return { granted: true, settle };
  }
}

function dollars(usd: number): string {
  return usd.toFixed(6).replace(/\.?0+$/, "");
}
