import { List, Stack } from "@mantine/core";
import type { AlertExplanation } from "@scouter/contracts";
import { useAlertExplanation } from "./alert-queries.ts";
import { cellLook } from "../drift/cell-look.ts";
import { DistributionView } from "../drift/window/distribution-view.tsx";
import { formatCount, formatNumber } from "../../format/number.ts";
import { TimeText } from "../../format/time-text.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Section } from "../../page/section.tsx";
import { PageLink } from "../../url/page-link.tsx";
import "../drift/window/bins.css";

/** What the alert stood on when it opened: baseline against window, sizes, the windows around. */
export function AlertReasons({ alertId }: { readonly alertId: number }) {
  const explanation = useAlertExplanation(String(alertId));
  return (
    <Section title="Why it opened">
      <QueryState query={explanation} what="the explanation">
        {(value) => <Reasons explanation={value} />}
      </QueryState>
    </Section>
  );
}

function Reasons({ explanation }: { readonly explanation: AlertExplanation }) {
  const { sentences, distribution } = explanation;
  return (
    <Stack gap="sm">
      <List size="sm" aria-label="What the alert stands on">
        {sentences.map((sentence) => (
          <List.Item key={sentence}>{sentence}</List.Item>
        ))}
      </List>
      <DistributionView distribution={distribution} />
      <WindowsAround explanation={explanation} />
    </Stack>
  );
}

function WindowsAround({ explanation }: { readonly explanation: AlertExplanation }) {
  const { neighbours, distribution } = explanation;
  const { profile, feature, window_id: shownId } = distribution;
  return (
    <table className="bins" aria-label={`${feature.name} in the windows around`}>
      <thead>
        <tr>
          <th scope="col">Window ended</th>
          <th scope="col">Status</th>
          <th scope="col">Value</th>
          <th scope="col">Threshold</th>
          <th scope="col">Samples</th>
        </tr>
      </thead>
      <tbody>
        {neighbours.map(({ window_id: id, window_end: end, status, ...figures }) => (
          <tr key={id} aria-current={id === shownId ? "true" : undefined}>
            <th scope="row">
              <PageLink
                to="/drift/$profileUid"
                params={{ profileUid: profile.uid }}
                search={{ window: String(id), feature: feature.name } as never}
                size="xs"
              >
                <TimeText at={end} />
              </PageLink>
              {id === shownId ? " (this one)" : ""}
            </th>
            <td>{cellLook(status).word}</td>
            <td>{formatNumber(figures.value)}</td>
            <td>{formatNumber(figures.threshold)}</td>
            <td>{formatCount(figures.sample_size)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
