import { Select } from "@mantine/core";
import { driftKinds } from "../drift/drift-kinds.ts";
import { alertStatuses } from "./alert-look.ts";
import type { AlertFilter } from "./alert-queries.ts";
import { useProfiles } from "../../api/profiles.ts";
import { useSetSearch } from "../../url/search.ts";

/** Status, kind and profile, kept in the address. */
export function AlertFilters({ filter }: { readonly filter: AlertFilter }) {
  const setSearch = useSetSearch();
  const profiles = useProfiles();
  const names = (profiles.data ?? []).map(({ uid, space, name, version, drift_type: kind }) => ({
    value: uid,
    label: `${space}/${name}/${version} (${kind})`,
  }));
  const known = names.some(({ value }) => value === filter.profile);
  const unknown =
    filter.profile === undefined || known ? [] : [{ value: filter.profile, label: filter.profile }];
  return (
    <>
      <Select
        size="xs"
        w={140}
        aria-label="Status"
        placeholder="Any status"
        data={alertStatuses}
        value={filter.status ?? null}
        onChange={(status) => setSearch({ status: status ?? undefined })}
        clearable
        clearButtonProps={{ "aria-label": "Any status" }}
      />
      <Select
        size="xs"
        w={160}
        aria-label="Kind of profile"
        placeholder="All kinds"
        data={driftKinds}
        value={filter.kind ?? null}
        onChange={(kind) => setSearch({ kind: kind ?? undefined })}
        clearable
        clearButtonProps={{ "aria-label": "All kinds" }}
      />
      <Select
        size="xs"
        w={280}
        aria-label="Profile"
        placeholder="All profiles"
        data={[...names, ...unknown]}
        value={filter.profile ?? null}
        onChange={(profile) => setSearch({ profile: profile ?? undefined })}
        searchable
        clearable
        clearButtonProps={{ "aria-label": "All profiles" }}
      />
    </>
  );
}
