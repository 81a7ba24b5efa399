import { Button } from "@mantine/core";
import { Empty } from "../../../page/states.tsx";
import { useSetSearch } from "../../../url/search.ts";

/** Nothing is watched yet, or the filter leaves nothing. */
export function NoDriftProfile({ isFiltered }: { readonly isFiltered: boolean }) {
  const setSearch = useSetSearch();
  if (isFiltered) {
    return (
      <Empty
        title="No profile fits the filter"
        actions={
          <Button
            size="xs"
            variant="default"
            onClick={() => setSearch({ space: undefined, kind: undefined })}
          >
            Show all profiles
          </Button>
        }
      />
    );
  }
  return (
    <Empty
      title="Nothing is watched yet"
      waitingFor="the first drift profile"
      snippet={[
        "# sample data: an agent whose pass rate is watched",
        `npx scouter demo --url ${window.location.origin}`,
      ].join("\n")}
    >
      Register a profile of your training data, or let the demo do it.
    </Empty>
  );
}
