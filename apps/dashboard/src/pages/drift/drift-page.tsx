import { Select } from "@mantine/core";
import { driftKinds } from "./drift-kinds.ts";
import { DriftProfileTable } from "./list/drift-profile-table.tsx";
import { NoDriftProfile } from "./list/no-drift-profile.tsx";
import { useDriftProfiles } from "./drift-queries.ts";
import { timeZoneName } from "../../format/time.ts";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { useSearchParameters, useUrlParameter } from "../../url/search.ts";

/** Profiles of every kind and how they stand now. */
export function DriftPage() {
  const { space } = useSearchParameters();
  const [kind, setKind] = useUrlParameter("kind");
  const profiles = useDriftProfiles({ space, kind });
  return (
    <Page
      title="Drift"
      description={`Profiles that are watched and how their newest window stands; counts of windows are of the chosen time. Times in ${timeZoneName()}.`}
      actions={
        <Select
          size="xs"
          w={160}
          aria-label="Kind of profile"
          placeholder="All kinds"
          data={driftKinds}
          value={kind ?? null}
          onChange={(next) => setKind(next ?? undefined)}
          clearable
          clearButtonProps={{ "aria-label": "All kinds" }}
        />
      }
    >
      <QueryState query={profiles} what="drift profiles">
        {({ value }) =>
          value.items.length === 0 ? (
            <NoDriftProfile isFiltered={space !== undefined || kind !== undefined} />
          ) : (
            <DriftProfileTable {...value} />
          )
        }
      </QueryState>
    </Page>
  );
}
