import { isScouterError, type Clock } from "@scouter/contracts";
import { errors } from "../errors.ts";
import type { ChatModel } from "../port/chat-model.ts";
import { costUsd, estimatedCostUsd, type TokenPrice } from "./spend.ts";

/**
 * Money for judges. Contract: a call is made only with a reservation, and every reservation is settled exactly once, with
 * what the call cost. What is reserved counts as spent until then, so calls at the same time cannot overdraw it together.
 */
export interface SpendBudget {
  reserve(request: SpendRequest): Promise<Reservation | SpendRefusal>;
}

export interface SpendRequest {
  /** Whose budget: the profile's uid. */
  readonly owner: string;
  /** The most that the call is likely to cost, US dollars; undefined when no price is known. */
  readonly usd: number | undefined;
}

export interface Reservation {
  readonly granted: true;
  /** With what the call cost, US dollars. */
  settle(usd: number): Promise<void>;
}

export interface SpendRefusal {
  readonly granted: false;
  readonly reason: string;
}

/** So many dollars for each owner and day (UTC), counted in memory. */
export class DailySpendBudget implements SpendBudget {
  readonly #clock: Clock;
  readonly #limitUsd: number;
  readonly #spentUsd = new Map<string, number>();
  #day = "";

  constructor(clock: Clock, limitUsd: number) {
    this.#clock = clock;
    this.#limitUsd = limitUsd;
  }

  async reserve({ owner, usd }: SpendRequest): Promise<Reservation | SpendRefusal> {
    const limit = `the budget of ${this.#limitUsd} USD a day`;
    if (usd === undefined) {
      const reason = `the model has no known price, so ${limit} cannot be kept`;
      return { granted: false, reason };
    }
    const day = this.#today();
    const spent = this.#spentUsd.get(owner) ?? 0;
    if (spent + usd > this.#limitUsd) {
      return { granted: false, reason: `${limit} has ${left(this.#limitUsd - spent)} USD left` };
    }
    this.#spentUsd.set(owner, spent + usd);
    const settle = async (actual: number) => {
      // What was reserved yesterday is settled with yesterday.
      if (day !== this.#today()) return;
      this.#spentUsd.set(owner, (this.#spentUsd.get(owner) ?? 0) - usd + actual);
    };
    return { granted: true, settle };
  }

  #today(): string {
    const day = new Date(this.#clock.now()).toISOString().slice(0, 10);
    if (day !== this.#day) this.#spentUsd.clear();
    this.#day = day;
    return day;
  }
}

function left(usd: number): string {
  return Math.max(0, usd)
    .toFixed(6)
    .replace(/\.?0+$/, "");
}

/** A model that is asked only while the budget lasts: EVALUATE_BUDGET_SPENT without a call otherwise. */
export function budgetedChatModel(
  model: ChatModel,
  options: {
    readonly budget: SpendBudget;
    readonly owner: string;
    readonly price: TokenPrice | undefined;
  },
): ChatModel {
  const { budget, owner, price } = options;
  return {
    provider: model.provider,
    model: model.model,
    async complete(request, call) {
      const estimate = estimatedCostUsd(request, price);
      const reserved = await budget.reserve({ owner, usd: estimate });
      if (!reserved.granted) throw errors.EVALUATE_BUDGET_SPENT({ reason: reserved.reason });
      try {
        const answer = await model.complete(request, call);
        await reserved.settle(costUsd(answer, price) ?? estimate ?? 0);
        return answer;
      } catch (error) {
        await reserved.settle(mayBeBilled(error) ? (estimate ?? 0) : 0);
        throw error;
      }
    },
  };
}

/** A refusal costs nothing. A call that was given up may have been answered, and billed, after all. */
function mayBeBilled(error: unknown): boolean {
  return !isScouterError(error) || error.kind === "timeout";
}
