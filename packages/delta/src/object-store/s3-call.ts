import type * as S3 from "@aws-sdk/client-s3";

/** The client library, which is loaded when a store is opened. */
export type S3Library = typeof S3;

/** The object that a command is about, in the library's words. */
export interface S3Target {
  readonly Bucket: string;
  readonly Key: string;
}

/** Options of sending a command. */
export interface Sending {
  readonly abortSignal?: AbortSignal;
}
