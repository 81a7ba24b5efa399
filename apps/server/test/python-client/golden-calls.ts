import type { RecordedCall } from "./recorder.ts";

const WAITING = /^\/scouter\/(drift|trace|tags|alerts)/;

export interface Recording {
  /** RFC 3339. */
  readonly recordedAt: string;
  readonly calls: readonly RecordedCall[];
}

/**
 * What is kept of a recording: of questions that were asked until the answer was there, the last one; no token, which
 * would look like a secret.
 */
export function forGolden(calls: readonly RecordedCall[]): readonly RecordedCall[] {
  const lastOf = new Map<string, number>();
  calls.forEach((call, index) => lastOf.set(questionOf(call), index));
  return calls
    .filter((call, index) => !WAITING.test(call.path) || lastOf.get(questionOf(call)) === index)
    .map((call) => (isLogin(call) ? { ...call, reply: "" } : call));
}

export function isLogin({ path }: Pick<RecordedCall, "path">): boolean {
  return path === "/scouter/auth/login" || path.endsWith("AuthService/Login");
}

function questionOf({ method, path, body }: RecordedCall): string {
  return `${method} ${path} ${body}`;
}
