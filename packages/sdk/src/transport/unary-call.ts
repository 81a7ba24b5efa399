/** How one gRPC call ended. */
export type CallReply = AnsweredCall | FailedCall;

export interface AnsweredCall {
  readonly kind: "answered";
  readonly bytes: Uint8Array;
  /** A token that takes the place of the one that was sent. */
  readonly renewedToken?: string;
}

export interface FailedCall {
  readonly kind: "failed";
  /** Number of the gRPC status. */
  readonly status: number;
  /** The server's own code, from `scouter-error-code`. */
  readonly code: string | undefined;
  readonly message: string;
  /** `grpc-status-details-bin`, where the server names pauses and refused items. */
  readonly details: Uint8Array | undefined;
}

/** One call; resolves however it ends. */
export type UnaryCall = (
  path: string,
  request: Uint8Array,
  headers: Readonly<Record<string, string>>,
  signal?: AbortSignal,
) => Promise<CallReply>;
