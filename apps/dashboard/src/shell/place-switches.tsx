import { Select } from "@mantine/core";
import { useProfiles } from "../api/profiles.ts";
import { useServices } from "../api/services.ts";
import { useUrlParameter } from "../url/search.ts";

/** Narrows every page to the profiles of one space. */
export function SpaceSwitch() {
  const [space, setSpace] = useUrlParameter("space");
  const profiles = useProfiles();
  const names = (profiles.data ?? []).map((profile) => profile.space);
  return <Switch label="Space" all="All spaces" names={names} value={space} onChange={setSpace} />;
}

/** Narrows every page to the spans of one service. */
export function ServiceSwitch() {
  const [service, setService] = useUrlParameter("service");
  const services = useServices();
  return (
    <Switch
      label="Service"
      all="All services"
      names={services.data?.value ?? []}
      value={service}
      onChange={setService}
    />
  );
}

interface SwitchProps {
  readonly label: string;
  readonly all: string;
  readonly names: readonly string[];
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function Switch({ label, all, names, value, onChange }: SwitchProps) {
  // What the address names stays a choice, also where the server does not know it (any more).
  const choices = [...new Set([...names, ...(value === undefined ? [] : [value])])].toSorted();
  return (
    <Select
      size="xs"
      w={160}
      aria-label={label}
      placeholder={all}
      data={choices}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      searchable
      clearable
      nothingFoundMessage="None"
      clearButtonProps={{ "aria-label": all }}
    />
  );
}
