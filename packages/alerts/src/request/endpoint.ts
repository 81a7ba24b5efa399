import { errors } from "../errors.ts";

export interface Endpoint {
  readonly url: URL;
  /** From `user:password@` of the given URL, which requests may not carry. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The address a channel posts to. The text is not repeated in errors: a webhook's URL is its secret.
 *
 * @throws `ALERTS_SETTING_INVALID`
 */
export function endpoint(channel: string, given: string): Endpoint {
  const url = URL.parse(given);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw errors.ALERTS_SETTING_INVALID({
      channel,
      setting: "the URL",
      allowed: "it begins with https:// or http://",
    });
  }
  const { username, password } = url;
  if (username === "" && password === "") return { url, headers: {} };
  const credentials = [username, password].map(decodeURIComponent).join(":");
  url.username = "";
  url.password = "";
  const encoded = Buffer.from(credentials).toString("base64");
  return { url, headers: { authorization: `Basic ${encoded}` } };
}
