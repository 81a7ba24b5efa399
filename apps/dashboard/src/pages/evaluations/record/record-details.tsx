import type { EvaluationRecordDetail } from "@scouter/contracts";
import { Alert, Button, Group, Stack, Text, Title, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { StatusChip } from "../../../figure/status-chip.tsx";
import { formatCount, formatPercent } from "../../../format/number.ts";
import { TimeText } from "../../../format/time-text.tsx";
import { timeZoneName } from "../../../format/time.ts";
import { Icon } from "../../../icon/icon.tsx";
import { CopyButton } from "../../../page/copy-button.tsx";
import { CopiedId } from "../copied-id.tsx";
import { countedTasks, recordStatusLooks } from "../outcome-look.ts";
import { JsonTree } from "./json-tree.tsx";
import { TaskResults } from "./task-results.tsx";
import { millisecondsText } from "./milliseconds-text.ts";
import "./record.css";

/** Looks like a button and is a link: it can be opened in a new tab. */
const ButtonLink = createLink((props: ButtonProps & ComponentProps<"a">) => (
  <Button component="a" {...props} />
));

/** Everything known of one record: where it came from, what each task found, and what was looked at. */
export function RecordDetails({ record }: { readonly record: EvaluationRecordDetail }) {
  return (
    <Stack gap="md">
      <Group gap="sm">
        <StatusChip {...recordStatusLooks[record.status]} />
        <Text size="sm" fw={600} className="numeric">
          {record.pass_rate === null ? "no pass rate" : `${formatPercent(record.pass_rate)} passed`}
        </Text>
        <Text size="xs" c="dimmed">
          times in {timeZoneName()}
        </Text>
        {record.trace_id !== null && (
          <ButtonLink
            to="/traces/$traceId"
            params={{ traceId: record.trace_id }}
            size="xs"
            variant="default"
            ml="auto"
            leftSection={<Icon name="traces" sizePx={14} />}
          >
            Open trace
          </ButtonLink>
        )}
      </Group>
      {record.last_error !== null && (
        <Alert color="red" variant="outline" title="The evaluation failed" p="xs">
          <Text size="sm">{record.last_error}</Text>
        </Alert>
      )}
      <RecordFacts record={record} />
      <section aria-label="Task results">
        <Title order={3} size="h6" mb={6}>
          Task results{" "}
          <Text span size="xs" c="dimmed" fw={400}>
            in plan order
          </Text>
        </Title>
        <TaskResults tasks={record.tasks} />
      </section>
      <section aria-label="Context">
        <Group justify="space-between" mb={6}>
          <Title order={3} size="h6">
            Context{" "}
            <Text span size="xs" c="dimmed" fw={400}>
              what the tasks looked at
            </Text>
          </Title>
          <CopyButton text={JSON.stringify(record.context, null, 2)} label="Copy context" />
        </Group>
        <div className="json-box">
          <JsonTree value={record.context} openLevels={2} />
        </div>
      </section>
    </Stack>
  );
}

function RecordFacts({ record }: { readonly record: EvaluationRecordDetail }) {
  const { task_counts: counts } = record;
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      "Tasks",
      `${formatCount(counts.passed)} of ${formatCount(countedTasks(counts))} passed, ${formatCount(counts.failed)} failed, ${formatCount(counts.errored)} errored, ${formatCount(counts.skipped)} skipped; gates not counted`,
    ],
    ["Sent", <TimeText key="sent" at={record.created_at} />],
    ["Received", <TimeText key="received" at={record.received_at} />],
    [
      "Evaluated",
      record.evaluated_at === null ? (
        "not yet"
      ) : (
        <TimeText key="evaluated" at={record.evaluated_at} />
      ),
    ],
    ["Took", tookText(record)],
    ["Source", record.record_source],
    ["Tags", record.tags.length === 0 ? "none" : record.tags.join(", ")],
    ["Uid", <CopiedId key="uid" id={record.uid} what="uid" />],
    ["Session", <CopiedId key="session" id={record.session_id} what="session" />],
    [
      "Trace",
      record.trace_id === null ? (
        "none"
      ) : (
        <CopiedId key="trace" id={record.trace_id} what="trace id" />
      ),
    ],
  ];
  return (
    <dl className="record-facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function tookText({ duration_ms, attempts }: EvaluationRecordDetail): string {
  const failed =
    attempts === 0
      ? ""
      : `, ${formatCount(attempts)} failed ${attempts === 1 ? "attempt" : "attempts"}`;
  return `${millisecondsText(duration_ms)}${failed}`;
}
