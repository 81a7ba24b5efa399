import { Button, Group, Text } from "@mantine/core";
import type { Overview } from "@scouter/contracts";
import { useState } from "react";
import { placeOf, worstFirst } from "./attention.ts";
import { shortText } from "../alerts/short-text.ts";
import { severityLook } from "../alerts/alert-look.ts";
import { StatusChip } from "../../figure/status-chip.tsx";
import { formatCount } from "../../format/number.ts";
import { TimeText } from "../../format/time-text.tsx";
import { Section } from "../../page/section.tsx";
import { PageLink } from "../../url/page-link.tsx";
import "./overview.css";

/** Before a person asks for the rest: the charts below should stay in sight. */
const SHOWN_AT_FIRST = 6;

/** What somebody should look at, worst first, each with a link to the very place. */
export function AttentionList({ attention, attention_truncated: truncated }: Overview) {
  const [showsAll, setShowsAll] = useState(false);
  const items = worstFirst(attention);
  const shown = showsAll ? items : items.slice(0, SHOWN_AT_FIRST);
  return (
    <Section
      title="Needs attention"
      actions={
        <Text size="xs" c="dimmed">
          {formatCount(items.length)} {items.length === 1 ? "item" : "items"}
          {truncated && ", and more of a kind than are listed"}
        </Text>
      }
    >
      {items.length === 0 ? (
        <Group gap="xs">
          <StatusChip status="ok" />
          <Text size="sm">Nothing does: no open alert, nothing failed, nothing fell silent.</Text>
        </Group>
      ) : (
        <ul className="attention-list">
          {shown.map((item, at) => {
            const { path, search } = placeOf(item);
            const { space, name, version } = item.profile;
            return (
              <li key={`${item.kind} ${item.profile.uid} ${String(at)}`}>
                <StatusChip {...severityLook(item.severity)} />
                <PageLink to={path as "/"} search={search as never} size="sm">
                  {shortText(item.text)}
                </PageLink>
                <span className="attention-profile">{`${space}/${name}/${version}`}</span>
                <span className="attention-since">
                  {item.since !== null && <TimeText at={item.since} form="relative" />}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {shown.length < items.length && (
        <Group>
          <Button size="compact-xs" variant="default" onClick={() => setShowsAll(true)}>
            Show all {formatCount(items.length)}
          </Button>
        </Group>
      )}
    </Section>
  );
}
