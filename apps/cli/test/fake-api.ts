import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach } from "vitest";
import { main } from "../src/main.ts";
import { testTerminal } from "./test-terminal.ts";

export interface FakeApi {
  /** By `METHOD /path?query`, or `METHOD /path` for any query; anything else is answered 404. */
  replies: Readonly<Record<string, unknown>>;
  /** The last body of each route that was called. */
  readonly received: Map<string, unknown>;
  /** What stood behind the question mark of each call, oldest first. */
  readonly queries: string[];
  readonly baseUrl: string;
  close(): void;
  /** Runs a command on it. */
  readonly run: (...words: readonly string[]) => Promise<CommandRun>;
}

interface CommandRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A server that answers each route with a fixed JSON document, new for every test of the file. */
export function useFakeApi(): FakeApi {
  const received = new Map<string, unknown>();
  let baseUrl = "";
  let close = () => undefined as void;
  const api: FakeApi = {
    replies: {},
    received,
    queries: [],
    get baseUrl() {
      return baseUrl;
    },
    close: () => close(),
    run: async (...words) => {
      const terminal = testTerminal({ env: { SCOUTER_SERVER_URI: baseUrl } });
      const code = await main(words, terminal);
      return { code, out: terminal.stdout(), err: terminal.stderr() };
    },
  };
  beforeEach(async () => {
    received.clear();
    api.queries.length = 0;
    api.replies = {};
    const server = createServer((request, response) => {
      const [path = "", query = ""] = (request.url ?? "").split("?");
      api.queries.push(query);
      const route = `${request.method ?? ""} ${path}`;
      const reply =
        api.replies[`${request.method ?? ""} ${request.url ?? ""}`] ?? api.replies[route];
      void text(request).then((body) => {
        received.set(route, body === "" ? undefined : JSON.parse(body));
        response.writeHead(reply === undefined ? 404 : 200, { "content-type": "application/json" });
        response.end(JSON.stringify(reply ?? { code: "NOT_FOUND", error: "nothing here" }));
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    close = () => {
      server.closeAllConnections();
      server.close();
    };
  });
  afterEach(() => close());
  return api;
}

export const profile = {
  uid: "u1",
  space: "shop",
  name: "answers",
  version: "1.0.0",
  drift_type: "Agent",
  active: true,
  created_at: "2026-01-02T00:00:00Z",
};
export const older = {
  ...profile,
  uid: "u0",
  version: "0.9.0",
  created_at: "2026-01-01T00:00:00Z",
};

/** A drift window of `profile` that ended at the hour `end`. */
export const windowOf = (end: string, fields: object) => ({
  id: 1,
  profile_uid: "u1",
  window_start: "2026-01-01T00:00:00.000000Z",
  window_end: `2026-01-01T0${end}:00:00.000000Z`,
  status: "done",
  attempts: 0,
  last_error: null,
  revised: 0,
  skipped_windows: 0,
  result: null,
  observed: null,
  late: 0,
  ...fields,
});
