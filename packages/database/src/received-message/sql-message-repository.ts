import { limitTransaction } from "../observation/store-observations.ts";
import type { Executor, Session } from "../session/session.ts";
import type {
  ItemOutcome,
  MessageRepository,
  ReceivedItem,
  ReceivedMessage,
} from "./message-repository.ts";
import {
  forgetMessages,
  identityKey,
  refusalsOf,
  rememberMessages,
  rememberRefusals,
  repeatedOutcomes,
} from "./remember-messages.ts";
import { countProducers } from "./count-producers.ts";
import { storeItems, storeItemsApart } from "./store-items.ts";

type StoreItems = (items: readonly ReceivedItem[], db: Executor) => Promise<readonly ItemOutcome[]>;

export class SqlMessageRepository implements MessageRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async store(messages: readonly ReceivedMessage[]): Promise<readonly (readonly ItemOutcome[])[]> {
    if (messages.length === 0) return [];
    if (isOneStatement(messages)) {
      const items = messages.flatMap((message) => message.items);
      const outcomes = await this.#session.run((db) => storeItems(items, db));
      return outcomesByMessage(messages, outcomes);
    }
    return this.#session.transaction((db) => storeMessages(messages, storeItems, db));
  }

  async storeItems(message: ReceivedMessage): Promise<readonly ItemOutcome[]> {
    const [outcomes = []] = await this.#session.transaction((db) =>
      storeMessages([message], storeItemsApart, db),
    );
    return outcomes;
  }

  forget(olderThanMs: number): Promise<number> {
    return this.#session.transaction((db) => forgetMessages(olderThanMs, db));
  }
}

/** Eval records without identities: the common case of other clients, in one round trip. */
function isOneStatement(messages: readonly ReceivedMessage[]): boolean {
  return messages.every(
    ({ identity, items }) =>
      identity === undefined && items.every(({ kind }) => kind === "eval-record"),
  );
}

async function storeMessages(
  messages: readonly ReceivedMessage[],
  store: StoreItems,
  db: Executor,
): Promise<readonly (readonly ItemOutcome[])[]> {
  if (messages.some(hasObservations)) await limitTransaction(db);
  const known = await rememberMessages(messages, db);
  const firstOf = new Map<string, number>();
  const fresh = messages.map(({ identity, items }, index) => {
    if (identity === undefined) return items;
    const key = identityKey(identity);
    if (known.has(key) || firstOf.has(key)) return [];
    firstOf.set(key, index);
    return items;
  });
  const stored = regrouped(fresh, await store(fresh.flat(), db));
  const outcomes: (readonly ItemOutcome[])[] = [];
  for (const [index, { identity, items }] of messages.entries()) {
    const own = stored[index] ?? [];
    if (identity === undefined) {
      outcomes.push(own);
      continue;
    }
    const key = identityKey(identity);
    const first = firstOf.get(key);
    if (first === index) {
      await rememberRefusals({ identity, outcomes: own }, db);
      outcomes.push(own);
    } else {
      const refusals = known.get(key) ?? refusalsOf(outcomes[first ?? -1] ?? []);
      outcomes.push(repeatedOutcomes(items.length, refusals));
    }
  }
  const isRepeat = messages.map(
    ({ identity }, index) => identity !== undefined && firstOf.get(identityKey(identity)) !== index,
  );
  await countProducers(messages, outcomes, isRepeat, db);
  return outcomes;
}

function hasObservations({ items }: ReceivedMessage): boolean {
  return items.some(({ kind }) => kind === "observation");
}

function outcomesByMessage(
  messages: readonly ReceivedMessage[],
  outcomes: readonly ItemOutcome[],
): readonly (readonly ItemOutcome[])[] {
  return regrouped(
    messages.map(({ items }) => items),
    outcomes,
  );
}

/** Cuts outcomes of a flattened list back into the groups it came from. */
function regrouped(
  groups: readonly (readonly unknown[])[],
  outcomes: readonly ItemOutcome[],
): readonly (readonly ItemOutcome[])[] {
  let start = 0;
  return groups.map(({ length }) => {
    start += length;
    return outcomes.slice(start - length, start);
  });
}
