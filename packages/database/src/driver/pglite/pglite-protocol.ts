import type { DriverErrorFields } from "../driver-error.ts";

/** What the worker is started with. */
export interface PgliteWorkerData {
  readonly folder: string;
  /** Archive of an empty data folder, for a folder that has none yet. */
  readonly template: string | undefined;
}

export type PgliteCall =
  | { readonly kind: "query"; readonly sql: string; readonly parameters: readonly unknown[] }
  | { readonly kind: "listen"; readonly channel: string }
  | { readonly kind: "unlisten"; readonly channel: string }
  | { readonly kind: "close" };

export interface PgliteCallMessage {
  readonly id: number;
  readonly call: PgliteCall;
}

export interface PgliteRows {
  readonly rows: readonly unknown[];
  readonly affectedRows: number | undefined;
}

export type PgliteReply =
  | { readonly kind: "ready" }
  | { readonly kind: "not-ready"; readonly error: DriverErrorFields }
  | { readonly kind: "result"; readonly id: number; readonly result: PgliteRows }
  | { readonly kind: "error"; readonly id: number; readonly error: DriverErrorFields }
  | { readonly kind: "notification"; readonly channel: string; readonly payload: string };
