import { systemClock } from "@scouter/contracts/core";
import { errors } from "../errors.ts";
import { jsonObject } from "./json-object.ts";
import { readServerProblem, refusedRequest } from "./server-problem.ts";

export interface SessionOptions {
  /** Sent as `Authorization: Bearer`; without `username` it is all there is, and nobody logs in. */
  readonly token?: string;
  /**
   * Who logs in when the server asks for it. Default, unless there is a `token`: guest, whom an embedded server on this
   * machine knows.
   */
  readonly username?: string;
  /** Of `username`, default: guest's. Printable ASCII, because it travels in a header. */
  readonly password?: string;
}

export interface SessionReply {
  readonly status: number;
  /** Value of the `Retry-After` header. */
  readonly retryAfter: string | null;
  readonly text: string;
}

export interface SessionPlace {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
}

type AuthorizationHeader = Readonly<Record<string, string>>;

const DEFAULT_USER = "guest";
/** Half of a token's life. */
const RENEW_AFTER_MS = 1_800_000;
const LOGIN_REQUEST = "GET /scouter/auth/login";

/**
 * The login behind a client or a transport: none until the server answers 401, then one for all requests that wait. A
 * token that the server renews in a reply replaces the old one.
 */
export class ServerSession {
  readonly #place: SessionPlace;
  readonly #credentials: LoginCredentials | undefined;
  #token: string | undefined;
  #loggedInAtMs = -Infinity;
  #login: Promise<string | SessionReply> | undefined;

  /** @throws SDK_CREDENTIALS_INVALID */
  constructor(place: SessionPlace, options: SessionOptions) {
    this.#place = place;
    this.#token = options.token;
    this.#credentials = loginCredentials(options);
  }

  /**
   * One exchange, and a second one after a login when the first was answered 401. A login that is refused is the reply.
   *
   * @param send may be called twice; rejections pass through
   */
  async exchange(send: (header: AuthorizationHeader) => Promise<Response>): Promise<SessionReply> {
    const used = this.#token;
    const reply = await this.#attempt(send);
    if (reply.status !== 401 || this.#credentials === undefined) return reply;
    // Another request may have logged in meanwhile.
    if (this.#token === used) {
      const login = await this.#loggedIn();
      if (typeof login !== "string") return login.status === 404 ? reply : login;
    }
    return this.#attempt(send);
  }

  async #attempt(send: (header: AuthorizationHeader) => Promise<Response>): Promise<SessionReply> {
    const response = await send(
      this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` },
    );
    const renewed = /^Bearer (\S+)$/.exec(response.headers.get("authorization") ?? "")?.[1];
    if (renewed !== undefined) this.#token = renewed;
    return replyOf(response);
  }

  /**
   * A token for requests that others make, good for at least half an hour more.
   *
   * @throws the error of the reply that refused the login, or what `fetch` met
   */
  async accessToken(): Promise<string> {
    const ageMs = systemClock.monotonicMs() - this.#loggedInAtMs;
    const isFresh = this.#credentials === undefined || ageMs < RENEW_AFTER_MS;
    if (this.#token !== undefined && isFresh) return this.#token;
    const login = await this.#loggedIn();
    if (typeof login === "string") return login;
    throw refusedRequest(LOGIN_REQUEST, readServerProblem(login.status, login.text), undefined);
  }

  /** The new token, or the reply that refused it. */
  #loggedIn(): Promise<string | SessionReply> {
    this.#login ??= this.#logIn().finally(() => {
      this.#login = undefined;
    });
    return this.#login;
  }

  async #logIn(): Promise<string | SessionReply> {
    const { baseUrl, timeoutMs } = this.#place;
    const response = await fetch(`${baseUrl}/scouter/auth/login`, {
      headers: { accept: "application/json", ...this.#credentials },
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const reply = await replyOf(response);
    const token = reply.status === 200 ? jsonObject(reply.text)?.["token"] : undefined;
    if (typeof token !== "string") return reply;
    this.#token = token;
    this.#loggedInAtMs = systemClock.monotonicMs();
    return token;
  }
}

export interface LoginCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Who logs in; undefined when a token is all there is.
 *
 * @throws SDK_CREDENTIALS_INVALID
 */
export function loginCredentials(options: SessionOptions): LoginCredentials | undefined {
  const { token, username, password } = options;
  if (token !== undefined && username === undefined) return undefined;
  return {
    username: sendable("username", username ?? DEFAULT_USER),
    password: sendable("password", password ?? DEFAULT_USER),
  };
}

async function replyOf(response: Response): Promise<SessionReply> {
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    text: await response.text(),
  };
}

function sendable(option: "username" | "password", value: string): string {
  if (/^[!-~]([ -~]*[!-~])?$/.test(value)) return value;
  throw errors.SDK_CREDENTIALS_INVALID({ option });
}
