import { ApiError, errorOfReply, unreachable } from "../api/api-error.ts";
import type { TokenStore } from "./token-store.ts";

export type SessionState =
  | { readonly kind: "signed-in"; readonly username: string }
  /** `guest` is the well-known user of a private server, who needs no password. */
  | { readonly kind: "signed-out"; readonly guest: string | undefined };

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

/** Who is signed in, in this tab. Adds the token to requests and renews it once when the server refuses it. */
export class Session {
  readonly #store: TokenStore;
  readonly #fetch: Fetch;
  readonly #listeners = new Set<() => void>();
  #state: SessionState;
  #renewal: Promise<boolean> | undefined;

  constructor(store: TokenStore, fetch: Fetch) {
    this.#store = store;
    this.#fetch = fetch;
    this.#state = stateOf(store.token());
  }

  state = (): SessionState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** To be called once at the start: signs in by itself where everybody may, unless the person signed out before. */
  async begin(): Promise<void> {
    if (this.#store.token() !== undefined) return;
    const guest = await this.#guest();
    if (guest !== undefined && !this.#store.signedOut()) {
      await this.signIn(guest, guest).catch(() => this.#become({ kind: "signed-out", guest }));
    } else {
      this.#become({ kind: "signed-out", guest });
    }
  }

  /** @throws ApiError when user and password do not fit, or the server is away */
  async signIn(username: string, password: string): Promise<void> {
    const reply = await this.#send("/scouter/auth/login", { headers: { username, password } });
    this.#keep(await tokenOf(reply));
  }

  async signOut(): Promise<void> {
    this.#store.signOut();
    this.#become({ kind: "signed-out", guest: await this.#guest() });
  }

  /**
   * Sends a request with the token. A refusal (401) leads to one renewal and one repeat; when that fails too, the person
   * is signed out.
   *
   * @throws ApiError for every answer that is none of success
   */
  async request(path: string, init: RequestInit = {}): Promise<Response> {
    let reply = await this.#sendWithToken(path, init);
    if (reply.status === 401 && (await this.#renewed())) {
      reply = await this.#sendWithToken(path, init);
    }
    const renewed = /^Bearer (\S+)$/.exec(reply.headers.get("authorization") ?? "")?.[1];
    if (renewed !== undefined) this.#keep(renewed);
    if (reply.ok) return reply;
    const error = errorOfReply(reply.status, await reply.text());
    if (reply.status === 401) await this.#expire();
    throw error;
  }

  #sendWithToken(path: string, init: RequestInit): Promise<Response> {
    const token = this.#store.token();
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
    return this.#send(path, { ...init, headers });
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    try {
      return await this.#fetch(path, { ...init, credentials: "omit", cache: "no-store" });
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      throw unreachable(error);
    }
  }

  /** Several requests may be refused at once: one renewal is enough for all. */
  #renewed(): Promise<boolean> {
    this.#renewal ??= this.#renew().finally(() => (this.#renewal = undefined));
    return this.#renewal;
  }

  async #renew(): Promise<boolean> {
    try {
      this.#keep(await tokenOf(await this.#sendWithToken("/scouter/auth/refresh", {})));
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) return false;
    }
    // The server forgot the user's session; where everybody may come in, nobody needs to be asked again.
    const { kind } = this.#state;
    const guest = await this.#guest();
    if (guest === undefined || kind !== "signed-in" || this.#state.username !== guest) return false;
    return this.signIn(guest, guest).then(
      () => true,
      () => false,
    );
  }

  async #expire(): Promise<void> {
    if (this.#state.kind === "signed-in") await this.signOut();
  }

  async #guest(): Promise<string | undefined> {
    try {
      const reply = await this.#send("/scouter/v2/sign-in", {});
      const body = (await reply.json()) as { readonly guest?: string | null };
      return body.guest ?? undefined;
    } catch {
      // Only a convenience: without an answer the person is asked for a name.
      return undefined;
    }
  }

  #keep(token: string): void {
    this.#store.keep(token);
    this.#become(stateOf(token));
  }

  #become(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

async function tokenOf(reply: Response): Promise<string> {
  const text = await reply.text();
  if (!reply.ok) throw errorOfReply(reply.status, text);
  return (JSON.parse(text) as { readonly token: string }).token;
}

/** The name is only shown; what a token allows is judged by the server. */
function stateOf(token: string | undefined): SessionState {
  if (token === undefined) return { kind: "signed-out", guest: undefined };
  return { kind: "signed-in", username: subjectOf(token) };
}

function subjectOf(token: string): string {
  try {
    const payload = token.split(".")[1] ?? "";
    const text = atob(payload.replaceAll("-", "+").replaceAll("_", "/"));
    const { sub } = JSON.parse(text) as { readonly sub?: unknown };
    return typeof sub === "string" ? sub : "unknown";
  } catch {
    // A damaged token is refused by the server at the first request, which leads to the sign-in.
    return "unknown";
  }
}
