const TOKEN = "scouter.token";
const SIGNED_OUT = "scouter.signed-out";

/** What the session keeps in the browser, for one tab and until it is closed (decision 0010). */
export interface TokenStore {
  token(): string | undefined;
  /** True after a sign-out: then nobody is signed in without being asked. */
  signedOut(): boolean;
  keep(token: string): void;
  signOut(): void;
}

export function tokenStore(storage: Storage): TokenStore {
  return {
    token: () => storage.getItem(TOKEN) ?? undefined,
    signedOut: () => storage.getItem(SIGNED_OUT) !== null,
    keep(token) {
      storage.setItem(TOKEN, token);
      storage.removeItem(SIGNED_OUT);
    },
    signOut() {
      storage.removeItem(TOKEN);
      storage.setItem(SIGNED_OUT, "yes");
    },
  };
}
