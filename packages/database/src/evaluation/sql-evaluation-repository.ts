import type { Period } from "../session/period.ts";
import type { Session } from "../session/session.ts";
import type {
  EvaluationCounts,
  EvaluationCountsRequest,
  EvaluationProfileList,
  EvaluationProfilesRequest,
  EvaluationRepository,
  JudgeCosts,
  RecordDetails,
  RecordList,
  RecordListRequest,
  ResultList,
  ResultListRequest,
  TaskTallies,
} from "./evaluation-repository.ts";
import { evaluationCounts, evaluationProfiles, taskTallies } from "./read-counts.ts";
import { recordDetails } from "./read-details.ts";
import { judgeCosts } from "./read-judge-costs.ts";
import { recordList } from "./read-record-list.ts";
import { resultList } from "./read-result-list.ts";

export class SqlEvaluationRepository implements EvaluationRepository {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  profiles(request: EvaluationProfilesRequest): Promise<EvaluationProfileList> {
    return this.#session.run((db) => evaluationProfiles(request, db));
  }

  counts(request: EvaluationCountsRequest): Promise<readonly EvaluationCounts[]> {
    return this.#session.run((db) => evaluationCounts(request, db));
  }

  records(request: RecordListRequest): Promise<RecordList> {
    return this.#session.run((db) => recordList(request, db));
  }

  details(recordUid: string, profileUid?: string): Promise<readonly RecordDetails[]> {
    return this.#session.run((db) => recordDetails({ recordUid, profileUid }, db));
  }

  taskTallies(request: { readonly profileUid: string } & Period): Promise<TaskTallies> {
    return this.#session.run((db) => taskTallies(request, db));
  }

  results(request: ResultListRequest): Promise<ResultList> {
    return this.#session.run((db) => resultList(request, db));
  }

  judgeCosts(request: { readonly profileUid: string } & Period): Promise<readonly JudgeCosts[]> {
    return this.#session.run((db) => judgeCosts(request, db));
  }
}
