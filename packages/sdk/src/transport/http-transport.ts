import type { Transport } from "./transport.ts";

export interface HttpTransportOptions {
  /** Address of the server, default `http://localhost:8000`. */
  readonly baseUrl?: string;
  /** Sent as `Authorization: Bearer`. */
  readonly token?: string;
  /** Limit of one attempt, the reply included; default 10,000. */
  readonly timeoutMs?: number;
  /** Compress bodies of 1 KiB and more, default false. */
  readonly gzip?: boolean;
}

export declare function httpTransport(options?: HttpTransportOptions): Transport;
