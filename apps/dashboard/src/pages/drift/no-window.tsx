import { Button } from "@mantine/core";
import { Empty } from "../../page/states.tsx";
import { useSetSearch } from "../../url/search.ts";

interface NoWindowProps {
  readonly uid: string;
  readonly hidesEmpty: boolean;
}

/** The chosen time has no window to show: says what could be the reason. */
export function NoWindow({ uid, hidesEmpty }: NoWindowProps) {
  const setSearch = useSetSearch();
  return (
    <Empty
      title={hidesEmpty ? "No window with data in this time range" : "No window in this time range"}
      waitingFor="the first window"
      snippet={[
        "# what the ledger of windows says, from any machine",
        `curl -H "Authorization: Bearer $TOKEN" "${window.location.origin}/scouter/v2/drift/grid?uid=${uid}"`,
      ].join("\n")}
      actions={
        hidesEmpty ? (
          <Button size="xs" variant="default" onClick={() => setSearch({ empty: "show" })}>
            Show empty windows
          </Button>
        ) : undefined
      }
    >
      Windows are computed by the profile’s schedule, a little after they end. Choose a longer time
      range, or wait for the next one.
    </Empty>
  );
}
