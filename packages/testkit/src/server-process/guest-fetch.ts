/** Tokens by the origin of the server that gave them. */
const tokens = new Map<string, string>();

/**
 * `fetch` as the user guest, whom an embedded server on this machine knows: logs in at the address's own origin when
 * it is answered 401, so addresses that ask for no token are called without one.
 */
export async function guestFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const { origin } = new URL(url);
  const response = await send(url, init, tokens.get(origin));
  if (response.status !== 401) return response;
  await response.arrayBuffer();
  const token = await logIn(origin, { username: "guest", password: "guest" });
  tokens.set(origin, token);
  return send(url, init, token);
}

/** Makes `guestFetch` call this origin as another user: with a database server there is no well-known guest. */
export async function enterAs(httpUrl: string, credentials: LoginCredentials): Promise<void> {
  tokens.set(new URL(httpUrl).origin, await logIn(httpUrl, credentials));
}

export interface LoginCredentials {
  readonly username: string;
  readonly password: string;
}

/** @returns an access token; rejects when the server refuses */
export async function logIn(httpUrl: string, credentials: LoginCredentials): Promise<string> {
  const response = await fetch(`${httpUrl}/scouter/auth/login`, { headers: { ...credentials } });
  const body = (await response.json()) as { readonly token?: string };
  if (body.token === undefined) throw new Error(`login answered ${response.status}`);
  return body.token;
}

function send(url: string, init: RequestInit, token: string | undefined): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  return fetch(url, { ...init, headers });
}
