import type { EvalReport, RunDocument, ScouterError } from "@scouter/contracts";
import type { CompareOptions } from "@scouter/evaluate";

export interface ReportOrder {
  readonly candidate: RunDocument;
  /** Undefined: the run is reported alone. */
  readonly baseline?: RunDocument | undefined;
  readonly options: Partial<CompareOptions>;
}

/** As it crosses from the thread: errors lose their class on the way. */
export type ReportReply =
  | { readonly kind: "made"; readonly report: EvalReport }
  | {
      readonly kind: "refused";
      readonly error: Pick<ScouterError, "code" | "kind" | "message" | "remedy">;
    };
