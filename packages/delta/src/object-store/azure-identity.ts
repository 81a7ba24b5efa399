import { readFile } from "node:fs/promises";
import type { Clock } from "@scouter/contracts";
import { errors } from "../errors.ts";
import {
  type AzureAuthorization,
  sasAuthorization,
  sharedKeyAuthorization,
  tokenAuthorization,
} from "./azure-authorization.ts";
import { bodyOf, refusalOf, sendStoreRequest } from "./http-request.ts";
import type { StoreEnvironment } from "./store-environment.ts";

const RESOURCE = "https://storage.azure.com/";
const DEFAULT_AUTHORITY = "https://login.microsoftonline.com";
/** Where every virtual machine finds the service that knows its identity. */
const MACHINE_IDENTITY = "http://169.254.169.254/metadata/identity/oauth2/token";
/** A token is fetched anew this long before it ends: requests under way must not outlive it. */
const RENEW_BEFORE_MS = 300_000;

export interface AzureAccount {
  readonly endpoint: string;
  readonly authorization: AzureAuthorization;
}

/**
 * The account and its credentials from the environment, in this order: `AZURE_STORAGE_CONNECTION_STRING`;
 * `AZURE_STORAGE_ACCOUNT` with `AZURE_STORAGE_KEY` or `AZURE_STORAGE_SAS_TOKEN`; a workload identity
 * (`AZURE_FEDERATED_TOKEN_FILE`), a client secret (`AZURE_CLIENT_SECRET`), else the machine's managed identity.
 * `AZURE_STORAGE_ACCOUNT_NAME` and `AZURE_STORAGE_ACCOUNT_KEY` are read as account and key too.
 */
export function azureAccountOf(environment: StoreEnvironment, clock: Clock): AzureAccount {
  const connection = connectionFields(environment["AZURE_STORAGE_CONNECTION_STRING"] ?? "");
  const account =
    connection.get("AccountName") ??
    environment["AZURE_STORAGE_ACCOUNT"] ??
    environment["AZURE_STORAGE_ACCOUNT_NAME"];
  const endpoint =
    connection.get("BlobEndpoint") ??
    environment["AZURE_STORAGE_ENDPOINT"] ??
    hostOf(account, connection);
  if (endpoint === undefined) throw missing("AZURE_STORAGE_ACCOUNT is not set");
  const key =
    connection.get("AccountKey") ??
    environment["AZURE_STORAGE_KEY"] ??
    environment["AZURE_STORAGE_ACCOUNT_KEY"];
  const sas = connection.get("SharedAccessSignature") ?? environment["AZURE_STORAGE_SAS_TOKEN"];
  if (key && account) return { endpoint, authorization: sharedKeyAuthorization(account, key) };
  if (sas) return { endpoint, authorization: sasAuthorization(sas) };
  const token = cachedToken(clock, () => fetchToken(environment));
  return { endpoint, authorization: tokenAuthorization(token) };
}

/** `Name=value` pairs separated by semicolons; a value may hold `=`. */
function connectionFields(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(";").filter((pair) => pair.includes("="));
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]),
  );
}

function hostOf(account: string | undefined, connection: ReadonlyMap<string, string>) {
  if (account === undefined) return undefined;
  const scheme = connection.get("DefaultEndpointsProtocol") ?? "https";
  return `${scheme}://${account}.blob.${connection.get("EndpointSuffix") ?? "core.windows.net"}`;
}

interface Token {
  readonly text: string;
  readonly lifetimeMs: number;
}

function cachedToken(clock: Clock, fetchNew: () => Promise<Token>): () => Promise<string> {
  let known: { readonly text: string; readonly until: number } | undefined;
  let asking: Promise<string> | undefined;
  const ask = async () => {
    const { text, lifetimeMs } = await fetchNew();
    known = { text, until: clock.monotonicMs() + lifetimeMs - RENEW_BEFORE_MS };
    return text;
  };
  return async () => {
    if (known && clock.monotonicMs() < known.until) return known.text;
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };
}

async function fetchToken(environment: StoreEnvironment): Promise<Token> {
  const tenant = environment["AZURE_TENANT_ID"];
  const client = environment["AZURE_CLIENT_ID"];
  const file = environment["AZURE_FEDERATED_TOKEN_FILE"];
  const secret = environment["AZURE_CLIENT_SECRET"];
  if (!tenant || !client || (!file && !secret)) return machineToken(client);
  const authority = (environment["AZURE_AUTHORITY_HOST"] || DEFAULT_AUTHORITY).replace(/\/+$/, "");
  const proof: Record<string, string> = file
    ? {
        client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        // Read anew each time: the cluster renews the file.
        client_assertion: (await readFile(file, "utf8")).trim(),
      }
    : { client_secret: secret ?? "" };
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: client,
    scope: `${RESOURCE}.default`,
    ...proof,
  });
  return requestToken({
    method: "POST",
    url: new URL(`${authority}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`),
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new TextEncoder().encode(form.toString()),
  });
}

function machineToken(client: string | undefined): Promise<Token> {
  const url = new URL(MACHINE_IDENTITY);
  url.searchParams.set("api-version", "2018-02-01");
  url.searchParams.set("resource", RESOURCE);
  if (client) url.searchParams.set("client_id", client);
  return requestToken({ method: "GET", url, headers: { metadata: "true" } });
}

async function requestToken(
  call: Pick<Parameters<typeof sendStoreRequest>[0], "method" | "url" | "headers" | "body">,
): Promise<Token> {
  const request = { operation: "token", key: call.url.host, ...call };
  const response = await sendStoreRequest(request);
  if (!response.ok) {
    const refused = await refusalOf(request, response);
    throw errors.OBJECT_STORE_CREDENTIALS_MISSING(
      { store: "Azure Blob Storage", reason: refused.message },
      { cause: refused },
    );
  }
  const text = Buffer.from(await bodyOf(request, response)).toString();
  const answer = JSON.parse(text) as { access_token: string; expires_in: number | string };
  return { text: answer.access_token, lifetimeMs: Number(answer.expires_in) * 1_000 };
}

function missing(reason: string): Error {
  return errors.OBJECT_STORE_CREDENTIALS_MISSING({ store: "Azure Blob Storage", reason });
}
