import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  SegmentedControl,
  Text,
  TextInput,
} from "@mantine/core";
import { formatCount, formatDuration } from "../../format/number.ts";
import { Icon } from "../../icon/icon.tsx";
import type { TimeWindow } from "./time-window.ts";

interface TraceToolbarProps {
  readonly find: string;
  readonly onFind: (text: string) => void;
  /** Place of the selected row among the matches, from 1; 0 when it is none of them. */
  readonly matchAt: number;
  readonly matchCount: number;
  readonly onMatch: (places: 1 | -1) => void;
  readonly errorsOnly: boolean;
  readonly onErrorsOnly: (only: boolean) => void;
  readonly errorCount: number;
  readonly view: "timeline" | "tree";
  readonly onView: (view: "timeline" | "tree") => void;
  /** Undefined: the whole trace. */
  readonly zoom: TimeWindow | undefined;
  readonly onZoomOut: () => void;
  readonly onFoldAll: (folded: boolean) => void;
}

export function TraceToolbar(props: TraceToolbarProps) {
  const { find, matchAt, matchCount, onMatch, errorCount, zoom } = props;
  return (
    <Group gap="sm" role="toolbar" aria-label="Spans">
      <TextInput
        size="xs"
        w={230}
        aria-label="Find spans"
        placeholder="Find by name, service or id"
        leftSection={<Icon name="search" sizePx={12} />}
        value={find}
        onChange={(event) => props.onFind(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onMatch(event.shiftKey ? -1 : 1);
        }}
      />
      {find.trim() !== "" && (
        <Group gap={2} wrap="nowrap">
          <Text size="xs" className="numeric" role="status">
            {matchCount === 0
              ? "No match"
              : `${matchAt === 0 ? "" : `${formatCount(matchAt)} of `}${formatCount(matchCount)} ${matchCount === 1 ? "match" : "matches"}`}
          </Text>
          <MatchButton
            label="Previous match"
            icon="up"
            onClick={() => onMatch(-1)}
            isOff={matchCount === 0}
          />
          <MatchButton
            label="Next match"
            icon="down"
            onClick={() => onMatch(1)}
            isOff={matchCount === 0}
          />
        </Group>
      )}
      <Checkbox
        size="xs"
        label={`Errors only (${formatCount(errorCount)})`}
        checked={props.errorsOnly}
        disabled={errorCount === 0 && !props.errorsOnly}
        onChange={(event) => props.onErrorsOnly(event.currentTarget.checked)}
      />
      <Button.Group>
        <Button size="compact-xs" variant="default" onClick={() => props.onFoldAll(false)}>
          Unfold all
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => props.onFoldAll(true)}>
          Fold all
        </Button>
      </Button.Group>
      <SegmentedControl
        size="xs"
        aria-label="View"
        data={[
          { value: "timeline", label: "Timeline" },
          { value: "tree", label: "Tree" },
        ]}
        value={props.view}
        onChange={(view) => props.onView(view === "tree" ? "tree" : "timeline")}
      />
      {zoom !== undefined && (
        <Button size="compact-xs" variant="light" onClick={props.onZoomOut}>
          {formatDuration(zoom.fromNs / 1000)} to {formatDuration(zoom.toNs / 1000)}: show all
        </Button>
      )}
    </Group>
  );
}

interface MatchButtonProps {
  readonly label: string;
  readonly icon: "up" | "down";
  readonly isOff: boolean;
  readonly onClick: () => void;
}

function MatchButton({ label, icon, isOff, onClick }: MatchButtonProps) {
  return (
    <ActionIcon
      size="sm"
      variant="subtle"
      color="gray"
      c="dimmed"
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={onClick}
    >
      <Icon name={icon} sizePx={12} />
    </ActionIcon>
  );
}
