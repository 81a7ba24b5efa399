import type { DispatchConfig } from "@scouter/contracts";
import { parseStoreUri } from "@scouter/delta";
import { z } from "zod";
import { dispatchOfText } from "../alerts/alert-channel-setting.ts";
import { PASSWORD, PASSWORD_WORDS, USERNAME, USERNAME_WORDS } from "../auth/credential-rules.ts";

/** A schema from the text of an environment variable to its value, with the words for what is allowed. */
export interface ValueSchema<Value> {
  readonly schema: z.ZodType<Value, string>;
  /** Completes "expected ...". */
  readonly allowed: string;
}

export function integer(minimum: number, maximum: number, unit = ""): ValueSchema<number> {
  const allowed = `an integer from ${minimum} to ${maximum}${unit === "" ? "" : ` (${unit})`}`;
  const schema = z
    .string()
    .regex(/^[+-]?\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum);
  return { schema, allowed };
}

export function decimal(minimum: number, maximum: number, unit: string): ValueSchema<number> {
  const schema = z
    .string()
    .regex(/^\d{1,12}(\.\d{1,6})?$/)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum);
  return { schema, allowed: `a number from ${minimum} to ${maximum} (${unit})` };
}

export function choice<const Values extends readonly [string, ...string[]]>(
  ...values: Values
): ValueSchema<Values[number]> {
  return {
    schema: z.string().pipe(z.enum(values)),
    allowed: values.map((value) => `'${value}'`).join(" or "),
  };
}

/** Upper and lower case are the same: `LOG_LEVEL=INFO` is what other servers take. */
export function choiceAnyCase<const Values extends readonly [string, ...string[]]>(
  ...values: Values
): ValueSchema<Values[number]> {
  const exact = choice(...values);
  const schema = z
    .string()
    .transform((text) => text.toLowerCase())
    .pipe(exact.schema);
  return { schema, allowed: exact.allowed };
}

const truth: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["1", true],
  ["false", false],
  ["0", false],
]);

export const boolean: ValueSchema<boolean> = {
  schema: z
    .string()
    .refine((text) => truth.has(text.toLowerCase()))
    .transform((text) => truth.get(text.toLowerCase()) === true),
  allowed: "'true' or 'false'",
};

/** Where a listener binds; `free` lets the operating system choose (tests, several servers on one machine). */
export type PortSetting =
  | { readonly kind: "off" }
  | { readonly kind: "free" }
  | { readonly kind: "fixed"; readonly port: number };

function portSchema(zero: PortSetting): z.ZodType<PortSetting, string> {
  return z
    .string()
    .regex(/^(\d{1,5}|random)$/)
    .transform((text): PortSetting => {
      if (text === "random") return { kind: "free" };
      return Number(text) === 0 ? zero : { kind: "fixed", port: Number(text) };
    })
    .refine((setting) => setting.kind !== "fixed" || setting.port <= 65_535);
}

/** A listener the server can do without. */
export const optionalPort: ValueSchema<PortSetting> = {
  schema: portSchema({ kind: "off" }),
  allowed: "a port from 1 to 65535, '0' (off) or 'random' (any free port)",
};

/** The main listener cannot be off, so 0 has the usual meaning: any free port. */
export const requiredPort: ValueSchema<PortSetting> = {
  schema: portSchema({ kind: "free" }),
  allowed: "a port from 1 to 65535, or '0' or 'random' (any free port)",
};

export const text: ValueSchema<string> = { schema: z.string(), allowed: "any text" };

/** Published with the reference server's source, so everybody can sign with it. */
const PUBLISHED_SECRET = "Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=";

export const secret: ValueSchema<string> = {
  schema: z
    .string()
    .min(32)
    .refine((given) => given !== PUBLISHED_SECRET),
  allowed:
    "a text of at least 32 characters that nobody knows, not the reference's published default",
};

export const username: ValueSchema<string> = {
  schema: z.string().regex(USERNAME),
  allowed: USERNAME_WORDS,
};

export const password: ValueSchema<string> = {
  schema: z.string().regex(PASSWORD),
  allowed: PASSWORD_WORDS,
};

export const postgresUri: ValueSchema<string> = {
  schema: z.string().regex(/^postgres(ql)?:\/\/./),
  allowed: "a URI that begins with postgresql://",
};

const folderPath = z
  .string()
  .transform((given) => given.replace(/^file:\/\//, ""))
  .refine((path) => path !== "" && !/^[a-z][a-z0-9+.-]+:\/\//i.test(path));

/** `file://` and plain paths; another scheme is refused rather than taken for a folder's name. */
export const localFolder: ValueSchema<string> = {
  schema: folderPath,
  allowed: "a path of a local folder",
};

export type StoragePlace =
  | { readonly kind: "folder"; readonly folder: string }
  | { readonly kind: "remote"; readonly uri: string };

const remoteUri = z.string().refine((uri) => /^(s3|gs|az):/.test(uri) && isStoreUri(uri));

export const storagePlace: ValueSchema<StoragePlace> = {
  schema: z.union([
    remoteUri.transform((uri) => ({ kind: "remote" as const, uri })),
    folderPath.transform((folder) => ({ kind: "folder" as const, folder })),
  ]),
  allowed:
    "a path of a local folder, or s3://bucket/folder, gs://bucket/folder, az://container/folder",
};

function isStoreUri(uri: string): boolean {
  try {
    parseStoreUri(uri);
    return true;
  } catch {
    return false; // the caller says what is allowed
  }
}

export const httpUrl: ValueSchema<string> = {
  schema: z
    .string()
    .regex(/^https?:\/\/[^\s/]/)
    .refine((given) => URL.canParse(given))
    .transform((given) => given.replace(/\/+$/, "")),
  allowed: "a URL that begins with http:// or https://",
};

/** What a model costs, US dollars for a million tokens. */
export interface PriceSetting {
  readonly provider: string;
  readonly model: string;
  readonly inputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

const PRICE = /^([a-z0-9_-]+)\/([^=,\s]+)=(\d{1,6}(?:\.\d{1,6})?):(\d{1,6}(?:\.\d{1,6})?)$/;

export const prices: ValueSchema<readonly PriceSetting[]> = {
  schema: z
    .string()
    .transform((given) => given.split(",").map((row) => PRICE.exec(row.trim())))
    .refine((rows) => rows.every((row) => row !== null))
    .transform((rows) =>
      rows.map((row) => ({
        provider: row?.[1] ?? "",
        model: row?.[2] ?? "",
        inputUsdPerMillion: Number(row?.[3]),
        outputUsdPerMillion: Number(row?.[4]),
      })),
    ),
  allowed:
    "a list of provider/model=input:output, US dollars for a million tokens, such as 'openai/gpt-4o=2.5:10'",
};

export const alertTarget: ValueSchema<DispatchConfig> = {
  schema: z.string().transform((given, context) => {
    const dispatch = dispatchOfText(given);
    if (dispatch !== undefined) return dispatch;
    context.issues.push({ code: "custom", message: "not a channel", input: given });
    return z.NEVER;
  }),
  allowed:
    "console, webhook, alertmanager, pagerduty[:severity], slack:<channel> or opsgenie:<team>[:priority]",
};

function urlOf(...schemes: readonly string[]): ValueSchema<string> {
  const pattern = new RegExp(`^(${schemes.join("|")})://[^\\s/]`);
  return {
    schema: z
      .string()
      .regex(pattern)
      .refine((given) => URL.canParse(given)),
    allowed: `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
  };
}

export const amqpUrl = urlOf("amqp", "amqps");
export const redisUrl = urlOf("redis", "rediss");

function listOf(item: RegExp, allowed: string): ValueSchema<readonly string[]> {
  const schema = z
    .string()
    .transform((given) => given.split(",").map((row) => row.trim()))
    .refine((rows) => rows.every((row) => item.test(row)));
  return { schema, allowed };
}

export const hostList = listOf(/^[^\s:/]+:\d{1,5}$/, "a list of host:port, separated by commas");
export const nameList = listOf(/^[\w.-]{1,249}$/, "a list of names, separated by commas");
