import type {
  MaintenanceRun,
  MaintenanceStep,
  TableMaintainerOptions,
} from "./table-maintainer.ts";

/** To the maintenance process; it answers each before the next is sent. The first one opens the table. */
export type MaintenanceRequest =
  | { readonly name: "open"; readonly options: TableMaintainerOptions }
  | { readonly name: "next"; readonly epoch: number; readonly skip: readonly string[] }
  | { readonly name: "vacuum"; readonly dryRun: boolean };

/** What each request is answered with. */
export interface MaintenanceAnswers {
  open: null;
  next: MaintenanceStep;
  vacuum: MaintenanceRun;
}

export type MaintenanceReply = {
  /** What the process holds of memory when it answers, in bytes. */
  readonly residentBytes: number;
} & (
  | { readonly answer: MaintenanceAnswers[keyof MaintenanceAnswers] }
  | { readonly failed: string }
);
