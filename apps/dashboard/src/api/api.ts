import type { Session } from "../session/session.ts";

/** A list gives the parameter several times. */
export type QueryValue = string | number | boolean | readonly string[] | null | undefined;

interface RequestOptions {
  /** Left out where null, undefined or an empty text. */
  readonly query?: Readonly<Record<string, QueryValue>>;
  /** Ends the request when nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

/** The server's HTTP API. Every method rejects with an `ApiError`. */
export class Api {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** @param path with `/scouter` at its beginning */
  async get<Reply>(path: string, options: RequestOptions = {}): Promise<Reply> {
    const reply = await this.#session.request(addressOf(path, options.query), signalOf(options));
    return (await reply.json()) as Reply;
  }

  async post<Reply>(path: string, body: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.#sendBody("POST", path, body, options);
  }

  async put<Reply>(path: string, body: unknown, options: RequestOptions = {}): Promise<Reply> {
    return this.#sendBody("PUT", path, body, options);
  }

  async #sendBody<Reply>(
    method: string,
    path: string,
    body: unknown,
    options: RequestOptions,
  ): Promise<Reply> {
    const reply = await this.#session.request(addressOf(path, options.query), {
      ...signalOf(options),
      method,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return (await reply.json()) as Reply;
  }
}

function signalOf({ signal }: RequestOptions): RequestInit {
  return signal === undefined ? {} : { signal };
}

function addressOf(path: string, query: RequestOptions["query"] = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    listOf(value).map((one) => [name, one]),
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}

function listOf(value: QueryValue): readonly string[] {
  if (value === undefined || value === null || value === "") return [];
  return typeof value === "object" ? value : [String(value)];
}
