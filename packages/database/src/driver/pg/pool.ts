import { Pool, types, type ClientConfig, type CustomTypesConfig } from "pg";
import { readInt8 } from "../read-int8.ts";

type GetTypeParser = CustomTypesConfig["getTypeParser"];

/** Reads values like the embedded database: exact integers, times as PostgreSQL's text. */
const getTypeParser: GetTypeParser = (oid, format) => {
  if (oid === types.builtins.INT8) return readInt8;
  if (oid === types.builtins.TIMESTAMPTZ) return (text: string) => text;
  return types.getTypeParser(oid, format);
};

export interface ConnectionOptions {
  readonly uri: string;
  readonly connectTimeoutMs: number;
}

export function clientConfig({ uri, connectTimeoutMs }: ConnectionOptions): ClientConfig {
  return {
    connectionString: uri,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    application_name: "scouter",
    types: { getTypeParser },
  };
}

export function createPool(options: ConnectionOptions & { readonly max: number }): Pool {
  return new Pool({ ...clientConfig(options), max: options.max });
}
