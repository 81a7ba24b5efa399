import type { RunRepeat, RunScenario } from "@scouter/contracts";
import { Code, Group, Stack, Text, Title } from "@mantine/core";
import { useRunScenario } from "./run-queries.ts";
import { type Status, StatusChip } from "../../figure/status-chip.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { PeekPanel } from "../../peek/peek-panel.tsx";
import type { Peek } from "../../peek/use-peek.ts";

interface ScenarioPeekProps {
  readonly scenario: string;
  readonly status: { readonly status: Status; readonly word: string };
  /** Undefined where the run does not have it, as `baseline`. */
  readonly run: string | undefined;
  readonly baseline: string | undefined;
  readonly peek: Peek;
}

/** A scenario's answers and tasks, those of the baseline first. */
export function ScenarioPeek({ scenario, status, run, baseline, peek }: ScenarioPeekProps) {
  const before = useRunScenario(baseline, scenario);
  const now = useRunScenario(run, scenario);
  return (
    <PeekPanel peek={peek} title={scenario}>
      <Stack gap="md">
        <Group>
          <StatusChip {...status} />
        </Group>
        {run !== undefined && (
          <QueryState query={now} what="this run's answers">
            {(value) => <Answers title="This run" scenario={value} />}
          </QueryState>
        )}
        {baseline !== undefined && (
          <QueryState query={before} what="the baseline's answers">
            {(value) => <Answers title="Baseline" scenario={value} />}
          </QueryState>
        )}
      </Stack>
    </PeekPanel>
  );
}

function Answers({ title, scenario }: { readonly title: string; readonly scenario: RunScenario }) {
  return (
    <Stack gap="xs" component="section" aria-label={title}>
      <Title order={3} size="h6">
        {title}
      </Title>
      {scenario.repeats.map((repeat, index) => (
        // Repeats have no name but their place.
        <Repeat key={`${title} ${String(index)}`} repeat={repeat} place={index + 1} />
      ))}
    </Stack>
  );
}

function Repeat({ repeat, place }: { readonly repeat: RunRepeat; readonly place: number }) {
  const tasks = [
    ...Object.entries(repeat.tasks),
    ...Object.entries(repeat.aliases).flatMap(([alias, own]) =>
      Object.entries(own.tasks).map(([task, ended]) => [`${alias}/${task}`, ended] as const),
    ),
  ];
  return (
    <Stack gap={4}>
      <Text size="sm">
        {`Repeat ${String(place)}: ${repeat.outcome}`}
        {repeat.error === undefined ? "" : `, ${repeat.error}`}
      </Text>
      {repeat.response !== undefined && (
        <Code block tabIndex={0} mah={240} style={{ overflow: "auto", whiteSpace: "pre-wrap" }}>
          {typeof repeat.response === "string"
            ? repeat.response
            : JSON.stringify(repeat.response, null, 2)}
        </Code>
      )}
      {tasks.map(([task, { outcome, message, error }]) => (
        <Text key={task} size="xs" c="dimmed">
          {`${outcome} ${task}${(message ?? error) === undefined ? "" : `: ${message ?? error ?? ""}`}`}
        </Text>
      ))}
    </Stack>
  );
}
