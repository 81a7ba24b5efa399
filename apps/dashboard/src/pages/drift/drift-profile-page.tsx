import { Group, SimpleGrid, Switch, Text } from "@mantine/core";
import type { DriftGrid as Grid } from "@scouter/contracts";
import { useParams } from "@tanstack/react-router";
import { ControlChart } from "./chart/control-chart.tsx";
import { FeatureChart } from "./chart/feature-chart.tsx";
import { useDistribution, useDriftGrid } from "./drift-queries.ts";
import { kindWord } from "./drift-kinds.ts";
import { CellLegend } from "./grid/cell-legend.tsx";
import { DriftGrid } from "./grid/drift-grid.tsx";
import { falseAlarmLine } from "./false-alarm-line.ts";
import { choiceOf, standingLine, type GridChoice } from "./grid/grid-choice.ts";
import { NoWindow } from "./no-window.tsx";
import { WindowSection } from "./window/window-section.tsx";
import { formatCount } from "../../format/number.ts";
import { formatTime, timeZoneName } from "../../format/time.ts";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Section } from "../../page/section.tsx";
import { PageLink } from "../../url/page-link.tsx";
import { useSearchParameters, useSetSearch } from "../../url/search.ts";

/** One profile: features by window, one feature over time, one window in full. */
export function DriftProfilePage() {
  const { profileUid } = useParams({ strict: false });
  const uid = profileUid ?? "";
  const { feature, window, empty } = useSearchParameters();
  const hidesEmpty = empty !== "show";
  const setSearch = useSetSearch();
  const grid = useDriftGrid(uid, hidesEmpty);
  const profile = grid.data?.value.profile;
  return (
    <Page
      title={
        profile === undefined
          ? "Drift profile"
          : `${profile.space}/${profile.name}/${profile.version}`
      }
      description={
        profile === undefined
          ? "One profile’s features over time"
          : `${kindWord(profile.kind)} profile, features by window. Times in ${timeZoneName()}.`
      }
      actions={
        <>
          <PageLink to="/alerts" search={{ profile: uid } as never} size="sm">
            Alerts of this profile
          </PageLink>
          <Switch
            size="sm"
            label="Hide empty windows"
            checked={hidesEmpty}
            onChange={(event) =>
              setSearch({ empty: event.currentTarget.checked ? undefined : "show" })
            }
          />
        </>
      }
    >
      <QueryState query={grid} what="the drift windows">
        {({ value }) =>
          value.windows.length === 0 && window === undefined ? (
            <NoWindow uid={uid} hidesEmpty={hidesEmpty} />
          ) : (
            <Board grid={value} choice={choiceOf(value, { feature, window })} />
          )
        }
      </QueryState>
    </Page>
  );
}

interface BoardProps {
  readonly grid: Grid;
  readonly choice: GridChoice;
}

function Board({ grid, choice }: BoardProps) {
  const setSearch = useSetSearch();
  const { feature, windowId } = choice;
  const onWindow = (window: string) => setSearch({ window, feature });
  return (
    <>
      {grid.windows.length > 0 && (
        <Section title="Features by window" actions={<WindowCount grid={grid} />}>
          <Standing grid={grid} windowId={windowId} />
          <Text size="xs" c="dimmed">
            {falseAlarmLine(grid)}
          </Text>
          <DriftGrid
            grid={grid}
            choice={choice}
            onChoose={(name, window) => setSearch({ feature: name, window: window ?? windowId })}
          />
          <CellLegend />
        </Section>
      )}
      {feature !== undefined && windowId !== undefined && (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" style={{ alignItems: "start" }}>
          <Section title={`${feature} over time`}>
            {grid.profile.kind === "Spc" ? (
              <WindowValues windowId={windowId} feature={feature} />
            ) : (
              <FeatureChart grid={grid} feature={feature} onWindow={onWindow} />
            )}
          </Section>
          <WindowSection windowId={windowId} feature={feature} onWindow={onWindow} />
        </SimpleGrid>
      )}
    </>
  );
}

function WindowCount({ grid }: { readonly grid: Grid }) {
  const { windows, windows_truncated: truncated, features, features_total: total } = grid;
  return (
    <Text size="xs" c="dimmed">
      {truncated ? `the newest ${many(windows.length, "window")}` : many(windows.length, "window")},{" "}
      {features.length < total
        ? `${formatCount(features.length)} of ${formatCount(total)} features`
        : many(total, "feature")}
    </Text>
  );
}

function many(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function Standing({
  grid,
  windowId,
}: {
  readonly grid: Grid;
  readonly windowId: string | undefined;
}) {
  const column = grid.windows.findIndex(({ id }) => String(id) === windowId);
  const window = grid.windows[column];
  return (
    <Group gap={6} component="p" m={0} role="status">
      {window === undefined ? (
        <Text size="sm" component="span">
          The chosen window is not among those shown here: it is older, empty, or outside of the
          chosen time.
        </Text>
      ) : (
        <>
          <Text fw={600} component="span">
            {standingLine(grid.features, column)}
          </Text>
          <Text size="sm" c="dimmed" component="span">
            in the window that ended {formatTime(window.window_end)} {timeZoneName()}
          </Text>
        </>
      )}
    </Group>
  );
}

/** A control chart judges single values: they are what is drawn over time. */
function WindowValues({
  windowId,
  feature,
}: {
  readonly windowId: string;
  readonly feature: string;
}) {
  const distribution = useDistribution(windowId, feature);
  return (
    <QueryState query={distribution} what="the control chart">
      {(value) => (value.kind === "Spc" ? <ControlChart chart={value} /> : undefined)}
    </QueryState>
  );
}
