import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { LIVE_INTERVAL_MS, useLive } from "../api/queries.ts";
import { Icon } from "../icon/icon.tsx";
import { useSetSearch } from "../url/search.ts";

/** Fetches once, or every few seconds while it is on. */
export function LiveSwitch() {
  const live = useLive();
  const setSearch = useSetSearch();
  const client = useQueryClient();
  const isFetching = useIsFetching() > 0;
  return (
    <>
      <Tooltip label={`Fetch the figures anew every ${String(LIVE_INTERVAL_MS / 1000)} seconds`}>
        <Button
          size="xs"
          variant={live ? "filled" : "default"}
          aria-pressed={live}
          onClick={() => setSearch({ live: live ? undefined : "on" }, { replace: true })}
        >
          Live
        </Button>
      </Tooltip>
      <Tooltip label="Fetch the figures anew">
        <ActionIcon
          size={30}
          variant="default"
          aria-label="Refresh"
          aria-busy={isFetching}
          onClick={() => void client.invalidateQueries()}
        >
          <Icon name="refresh" />
        </ActionIcon>
      </Tooltip>
    </>
  );
}
