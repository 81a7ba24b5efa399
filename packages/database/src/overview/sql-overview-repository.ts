import type { BucketedPeriod, Period } from "../session/period.ts";
import type { Session } from "../session/session.ts";
import type { SpaceScope } from "../session/space-scope.ts";
import type {
  BucketActivity,
  DeliveryState,
  Freshness,
  OverviewRepository,
  Trouble,
} from "./overview-repository.ts";
import { activity } from "./read-activity.ts";
import { delivery, freshness } from "./read-delivery.ts";
import { troubles } from "./read-troubles.ts";

export class SqlOverviewRepository implements OverviewRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  activity(
    request: { readonly spaces: SpaceScope } & BucketedPeriod,
  ): Promise<readonly BucketActivity[]> {
    return this.#session.run((db) => activity(request, db));
  }

  troubles(
    request: { readonly spaces: SpaceScope; readonly limit: number } & Period,
  ): Promise<readonly Trouble[]> {
    return this.#session.run((db) => troubles(request, db));
  }

  delivery(request: { readonly spaces: SpaceScope } & Period): Promise<DeliveryState> {
    return this.#session.run((db) => delivery(request, db));
  }

  freshness(spaces: SpaceScope): Promise<Freshness> {
    return this.#session.run((db) => freshness(spaces, db));
  }
}
