import type { Session } from "../session/session.ts";
import type {
  BoardWindow,
  BoardWindowsRequest,
  DriftBoardRepository,
  DriftProfileList,
  DriftProfilesRequest,
  FeatureAroundRequest,
  FeatureHistoryRequest,
  FeatureInWindow,
  SpcPointList,
  SpcPointsRequest,
  WindowDetails,
} from "./drift-board-repository.ts";
import {
  boardWindows,
  featureAround,
  featureHistory,
  spcPoints,
  windowDetails,
} from "./read-board.ts";
import { driftProfiles } from "./read-profiles.ts";

export class SqlDriftBoardRepository implements DriftBoardRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  profiles(request: DriftProfilesRequest): Promise<DriftProfileList> {
    return this.#session.run((db) => driftProfiles(request, db));
  }

  windows(request: BoardWindowsRequest): Promise<readonly BoardWindow[]> {
    return this.#session.run((db) => boardWindows(request, db));
  }

  window(id: number): Promise<WindowDetails | undefined> {
    return this.#session.run((db) => windowDetails(id, db));
  }

  featureAround(request: FeatureAroundRequest): Promise<readonly FeatureInWindow[]> {
    return this.#session.run((db) => featureAround(request, db));
  }

  featureHistory(request: FeatureHistoryRequest): Promise<readonly FeatureInWindow[]> {
    return this.#session.run((db) => featureHistory(request, db));
  }

  spcPoints(request: SpcPointsRequest): Promise<SpcPointList> {
    return this.#session.run((db) => spcPoints(request, db));
  }
}
