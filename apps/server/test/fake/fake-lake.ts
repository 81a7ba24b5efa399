import { gunzipSync } from "node:zlib";
import type {
  FacetQuery,
  GenAiGroup,
  GenAiGroupQuery,
  GenAiSpanQuery,
  HistogramQuery,
  IngestReply,
  IngestRequest,
  LakeCounts,
  QueryOptions,
  ServiceCount,
  ServiceEdge,
  ServiceEdgeQuery,
  SpanFindings,
  SpanQuery,
  TimeRange,
  TraceBucket,
  TraceFacetCounts,
  TraceLake,
  TraceList,
  TracePoint,
  TraceQuery,
  TraceSearch,
  TraceSearchPage,
  TraceSeriesQuery,
  TraceSighting,
  TraceSummary,
  TraceTree,
  TraceTreeQuery,
} from "@scouter/lake";
import type { SpanRow } from "@scouter/telemetry";

/** The lake as the server sees it: remembers what it is given and answers what it is told. */
export class FakeLake implements TraceLake {
  readonly requests: IngestRequest[] = [];
  readonly queries: TraceQuery[] = [];
  reply: IngestReply = { accepted: 1, rejected: [], duplicate: false };
  /** What it finds on the spans of every request. */
  findings: SpanFindings = { tags: [], baggage: [] };
  /** Rejects ingest while set. */
  error: Error | undefined;
  /** Held back while set. */
  gate: Promise<void> | undefined;
  traces: readonly TraceSummary[] = [];
  hasMore = false;
  readonly spans = new Map<string, readonly SpanRow[]>();
  readonly calls: string[] = [];
  /** What the routes of `/scouter/v2/traces` asked, oldest first. */
  readonly questions: unknown[] = [];
  readonly signals: (AbortSignal | undefined)[] = [];
  page: TraceSearchPage = { items: [], hasMore: false };
  buckets: readonly TraceBucket[] = [];
  facets: TraceFacetCounts = {
    total: 0,
    service: [],
    status: [],
    rootName: [],
    kind: [],
    model: [],
  };
  services: readonly ServiceCount[] = [];
  tree: TraceTree | undefined;

  async ingest(request: IngestRequest): Promise<IngestReply> {
    this.requests.push(request);
    await this.gate;
    if (this.error !== undefined) throw this.error;
    await request.beforeLog?.(this.findings);
    return this.reply;
  }

  /** The last body as text, inflated. */
  lastBody(): string {
    const request = this.requests.at(-1);
    if (request === undefined) return "";
    const { body, contentEncoding } = request;
    return (contentEncoding === "gzip" ? gunzipSync(body) : Buffer.from(body)).toString();
  }

  async listTraces(query: TraceQuery): Promise<TraceList> {
    this.queries.push(query);
    return { items: this.traces.slice(0, query.limit), hasMore: this.hasMore };
  }

  async spansOf(
    traceId: string,
    { limit }: { readonly limit?: number } = {},
  ): Promise<readonly SpanRow[]> {
    return (this.spans.get(traceId) ?? []).slice(0, limit);
  }

  async searchTraces(search: TraceSearch, options?: QueryOptions): Promise<TraceSearchPage> {
    return this.#answer(search, options, this.page);
  }

  async traceHistogram(
    query: HistogramQuery,
    options?: QueryOptions,
  ): Promise<readonly TraceBucket[]> {
    return this.#answer(query, options, this.buckets);
  }

  async traceFacets(query: FacetQuery, options?: QueryOptions): Promise<TraceFacetCounts> {
    return this.#answer(query, options, this.facets);
  }

  async traceServices(range: TimeRange, options?: QueryOptions): Promise<readonly ServiceCount[]> {
    return this.#answer(range, options, this.services);
  }

  async traceTree(query: TraceTreeQuery, options?: QueryOptions): Promise<TraceTree | undefined> {
    return this.#answer(query, options, this.tree);
  }

  async spanOf(query: SpanQuery, options?: QueryOptions): Promise<SpanRow | undefined> {
    const spans = this.spans.get(query.traceId) ?? [];
    const found = spans.find((span) => span.spanId === query.spanId);
    return this.#answer(query, options, found);
  }

  points: readonly TracePoint[] = [];
  edges: readonly ServiceEdge[] = [];
  groups: readonly GenAiGroup[] = [];
  genAi: readonly SpanRow[] = [];

  async traceSeries(
    query: TraceSeriesQuery,
    options?: QueryOptions,
  ): Promise<readonly TracePoint[]> {
    return this.#answer(query, options, this.points);
  }

  async serviceEdges(
    query: ServiceEdgeQuery,
    options?: QueryOptions,
  ): Promise<readonly ServiceEdge[]> {
    return this.#answer(query, options, this.edges);
  }

  async genAiGroups(
    query: GenAiGroupQuery,
    options?: QueryOptions,
  ): Promise<readonly GenAiGroup[]> {
    return this.#answer(query, options, this.groups);
  }

  async genAiSpans(query: GenAiSpanQuery, options?: QueryOptions): Promise<readonly SpanRow[]> {
    return this.#answer(query, options, this.genAi);
  }

  async #answer<Answer>(
    question: unknown,
    options: QueryOptions | undefined,
    answer: Answer,
  ): Promise<Answer> {
    this.questions.push(question);
    this.signals.push(options?.signal);
    await this.gate;
    return answer;
  }

  /** What was awaited, in order. */
  readonly awaited: string[] = [];
  sightings: readonly TraceSighting[] = [];

  awaitTraces(traceIds: readonly string[]): void {
    this.awaited.push(...traceIds);
  }

  async sightingsOf(traceIds: readonly string[]): Promise<readonly TraceSighting[]> {
    return this.sightings.filter(({ traceId }) => traceIds.includes(traceId));
  }

  async refresh(): Promise<void> {
    this.calls.push("refresh");
  }

  async counts(): Promise<LakeCounts> {
    return { traces: 2, spans: 5, errorSpans: 1 };
  }

  async flush(): Promise<void> {
    this.calls.push("flush");
  }

  statistics() {
    return { unflushedSpans: 7, unflushedBytes: 70, flushes: 1, flushFailures: 0, deltaVersion: 1 };
  }

  async close(): Promise<void> {
    this.calls.push("close");
  }
}
