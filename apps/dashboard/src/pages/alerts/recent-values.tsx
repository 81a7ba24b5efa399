import type { AlertDetail } from "@scouter/contracts";
import { Text } from "@mantine/core";
import { useMemo } from "react";
import { CellMark } from "../drift/grid/cell-mark.tsx";
import "../drift/grid/drift-grid.css";
import { cellLook, measureOf } from "../drift/cell-look.ts";
import { formatTime, instantMs, timeZoneName } from "../../format/time.ts";
import { TimeSeriesChart } from "../../chart/time-series-chart.tsx";
import type { ChartSeries } from "../../chart/chart-series.ts";
import { Section } from "../../page/section.tsx";
import { PageLink } from "../../url/page-link.tsx";
import { useTimeRange } from "../../time/use-time-range.ts";

/** The feature in the profile's newest windows. Where no window has a figure, marks stand for them. */
export function RecentValues({ alert }: { readonly alert: AlertDetail }) {
  const { recent_values: values, profile, feature } = alert;
  const hasFigures = values.some(({ value }) => value !== null);
  if (values.length === 0) return undefined;
  return (
    <Section title="Recent windows">
      {hasFigures ? <Sparkline alert={alert} /> : undefined}
      <Text
        component="ul"
        m={0}
        p={0}
        style={{ listStyle: "none", display: "flex", flexWrap: "wrap", gap: 2 }}
      >
        {values.map(({ window_id: id, window_end: end, status }) => {
          const words = `${cellLook(status).word}, window ended ${formatTime(end)} ${timeZoneName()}`;
          return (
            <li key={id}>
              <PageLink
                to="/drift/$profileUid"
                params={{ profileUid: profile.uid }}
                search={{ window: String(id), feature } as never}
                aria-label={words}
                title={words}
              >
                <CellMark status={status} />
              </PageLink>
            </li>
          );
        })}
      </Text>
    </Section>
  );
}

/** At both sides, so that the first and the last point are whole. */
const ROOM_SHARE = 0.04;
const LEAST_ROOM_MS = 30_000;

function Sparkline({ alert }: { readonly alert: AlertDetail }) {
  const { recent_values: values, profile, feature } = alert;
  const { zoomTo } = useTimeRange();
  const { timesMs, series, span } = useMemo(() => {
    const times = values.map(({ window_end: end }) => instantMs(end));
    const fromMs = times[0] ?? 0;
    const toMs = times.at(-1) ?? 1;
    const roomMs = Math.max(LEAST_ROOM_MS, (toMs - fromMs) * ROOM_SHARE);
    const drawn: readonly ChartSeries[] = [
      { label: measureOf(profile.kind), values: values.map(({ value }) => value) },
      {
        label: "threshold of the window",
        values: values.map(({ threshold }) => threshold),
        form: "step",
        dashed: true,
        colour: (colours) => colours.axis,
      },
      {
        label: "Alert",
        values: values.map(({ status, value }) => (status === "alert" ? value : null)),
        form: "points",
        colour: (colours) => colours.alert,
      },
    ];
    return {
      timesMs: times,
      series: drawn,
      span: { fromMs: fromMs - roomMs, toMs: toMs + roomMs },
    };
  }, [profile.kind, values]);
  return (
    <TimeSeriesChart
      title={`${measureOf(profile.kind)} of ${feature}`}
      unit={profile.kind === "Agent" ? "ratio" : "number"}
      timesMs={timesMs}
      series={series}
      span={span}
      heightPx={130}
      onZoom={zoomTo}
    />
  );
}
