import type { DataProfile, PsiProfile, SpcProfile } from "@scouter/contracts";
import {
  checkPsi,
  checkSpc,
  type PsiCheck,
  type PsiDriftMap,
  type PsiProfileSettings,
  type SpcCheck,
  type SpcDriftMap,
  type SpcProfileSettings,
} from "@scouter/drift";
import { chartTable, countTable, psiDriftMap, tallyOfTable } from "../drift/compute-drift.ts";
import {
  type CreatedProfile,
  createPsiProfileOf,
  createSpcProfileOf,
} from "../drift/create-profile.ts";
import { profileTable, type ProfileTableOptions } from "../profile/profile-table.ts";
import { type ColumnChoice, openTable, type TableInput } from "../source/open-table.ts";
import type { LeftOutColumn } from "../source/table-source.ts";

/** What can be done with a table: plain values in, plain values out, so that a thread can do it. */
export interface TableJobs {
  readonly "data-profile": { readonly input: ProfileTableOptions; readonly output: DataProfile };
  readonly "psi-profile": {
    readonly input: PsiProfileSettings;
    readonly output: CreatedProfile<PsiProfile>;
  };
  readonly "spc-profile": {
    readonly input: SpcProfileSettings;
    readonly output: CreatedProfile<SpcProfile>;
  };
  readonly "psi-drift": {
    readonly input: PsiProfile;
    readonly output: { readonly map: PsiDriftMap; readonly check: PsiCheck };
  };
  readonly "spc-drift": {
    readonly input: SpcProfile;
    readonly output: { readonly map: SpcDriftMap; readonly check: SpcCheck };
  };
}
export type TableJobName = keyof TableJobs;

export interface TableJob<Name extends TableJobName = TableJobName> {
  readonly name: Name;
  readonly input: TableJobs[Name]["input"];
  readonly choice: ColumnChoice;
}

export interface TableJobResult<Name extends TableJobName> {
  readonly output: TableJobs[Name]["output"];
  readonly leftOut: readonly LeftOutColumn[];
}

type Runner<Name extends TableJobName> = (
  source: Awaited<ReturnType<typeof openTable>>,
  input: TableJobs[Name]["input"],
) => Promise<TableJobs[Name]["output"]>;

const runners: { readonly [Name in TableJobName]: Runner<Name> } = {
  "data-profile": profileTable,
  "psi-profile": createPsiProfileOf,
  "spc-profile": createSpcProfileOf,
  async "psi-drift"(source, profile) {
    const counted = await countTable(source, profile);
    const check = checkPsi(profile, tallyOfTable(counted));
    return { map: psiDriftMap(counted, profile), check };
  },
  async "spc-drift"(source, profile) {
    const map = await chartTable(source, profile);
    const points = Object.entries(map.features).map(
      ([feature, { samples }]) => [feature, { window: samples }] as const,
    );
    return { map, check: checkSpc(profile, new Map(points)) };
  },
};

/** Opens the table, does the job, closes. */
export async function runTableJob<Name extends TableJobName>(
  table: TableInput,
  { name, input, choice }: TableJob<Name>,
): Promise<TableJobResult<Name>> {
  const source = await openTable(table, choice);
  try {
    return { output: await runners[name](source, input), leftOut: source.leftOut };
  } finally {
    await source.close();
  }
}
