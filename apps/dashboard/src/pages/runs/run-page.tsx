import type { EvalReport, EvalRunItem } from "@scouter/contracts";
import { Group, List, Select, Table, Text } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { scenarioLook, verdictLook } from "./run-look.ts";
import { useRunReport, useRunsOfSuite } from "./run-queries.ts";
import { ScenarioPeek } from "./scenario-peek.tsx";
import { ScenarioTable } from "./scenario-table.tsx";
import { StatusChip } from "../../figure/status-chip.tsx";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Section } from "../../page/section.tsx";
import { usePeek } from "../../peek/use-peek.ts";
import { useUrlParameter } from "../../url/search.ts";

/** One run: what it says alone, or compared with another run of its suite. */
export function RunPage() {
  const { runId } = useParams({ strict: false });
  const id = runId ?? "";
  const [baseline, setBaseline] = useUrlParameter("baseline");
  const report = useRunReport(id, baseline);
  const runs = useRunsOfSuite(report.data?.suite);
  const items = runs.data?.items ?? [];
  const own = items.find((run) => String(run.id) === id);
  return (
    <Page
      title={`Run ${own?.run_id ?? id}`}
      description={report.data === undefined ? "" : `Suite ${report.data.suite}`}
      actions={
        <Select
          size="xs"
          w={360}
          aria-label="Compare with"
          placeholder="Compare with …"
          data={choices(items, id, baseline)}
          value={baseline ?? null}
          onChange={(value) => setBaseline(value ?? undefined)}
          searchable
          clearable
          clearButtonProps={{ "aria-label": "Show the run alone" }}
        />
      }
    >
      <QueryState query={report} what="the run">
        {(value) => <ReportParts report={value} id={id} baseline={baseline} />}
      </QueryState>
    </Page>
  );
}

/** Baselines first, each with its names. */
function choices(items: readonly EvalRunItem[], own: string, chosen: string | undefined) {
  const others = items
    .filter(({ id }) => String(id) !== own)
    .toSorted((a, b) => b.baselines.length - a.baselines.length)
    .map(({ id, run_id, created_at, baselines }) => {
      const names = baselines.length === 0 ? "" : `${baselines.join(", ")}: `;
      return { value: String(id), label: `${names}${run_id} (${created_at.slice(0, 10)})` };
    });
  const isKnown = chosen === undefined || others.some(({ value }) => value === chosen);
  return isKnown ? others : [...others, { value: chosen, label: `run ${chosen}` }];
}

interface ReportPartsProps {
  readonly report: EvalReport;
  readonly id: string;
  readonly baseline: string | undefined;
}

function ReportParts({ report, id, baseline }: ReportPartsProps) {
  const peek = usePeek();
  const isCompared = report.verdict !== null;
  const opened = report.scenarios.find((own) => own.id === peek.key);
  return (
    <>
      <Section title="Verdict">
        <Group gap="sm">
          {report.verdict === null ? (
            <Text>{report.headline}</Text>
          ) : (
            <StatusChip {...verdictLook(report.verdict)} />
          )}
        </Group>
        {[...report.reasons, ...report.notes].length > 0 && (
          <List size="sm">
            {[...report.reasons, ...report.notes].map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        )}
      </Section>
      <Section title="Metrics">
        <MetricTable metrics={report.metrics} isCompared={isCompared} />
      </Section>
      <ScenarioTable scenarios={report.scenarios} isCompared={isCompared} peek={peek} />
      <Section title="How it was measured">
        <FactTable facts={report.facts} isCompared={isCompared} />
      </Section>
      {peek.key !== undefined && (
        <ScenarioPeek
          scenario={peek.key}
          status={scenarioLook(opened?.status ?? "")}
          run={opened?.candidate == null ? undefined : id}
          baseline={opened?.baseline == null ? undefined : baseline}
          peek={peek}
        />
      )}
    </>
  );
}

interface MetricTableProps {
  readonly metrics: EvalReport["metrics"];
  readonly isCompared: boolean;
}

function MetricTable({ metrics, isCompared }: MetricTableProps) {
  const titles = isCompared
    ? ["Metric", "Baseline", "Candidate", "Change", "At worst", "p", "Scenarios", "Verdict"]
    : ["Metric", "Passed", "Scenarios"];
  const rate = (value: string, interval: string) => (
    <Table.Td>
      {value}
      {interval !== "" && (
        <Text size="xs" c="dimmed">
          {interval}
        </Text>
      )}
    </Table.Td>
  );
  return (
    <Table.ScrollContainer minWidth={600} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label="Metrics">
        <Table.Thead>
          <Table.Tr>
            {titles.map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {metrics.map(({ id, cells, verdict }) => (
            <Table.Tr key={id}>
              <Table.Th scope="row" fw={500}>
                {id}
              </Table.Th>
              {isCompared && rate(cells.baseline, cells.baselineInterval)}
              {rate(cells.candidate, cells.candidateInterval)}
              {isCompared && (
                <>
                  <Table.Td>{cells.change}</Table.Td>
                  <Table.Td>{cells.bound}</Table.Td>
                  <Table.Td>{cells.p}</Table.Td>
                </>
              )}
              <Table.Td>{cells.scenarios}</Table.Td>
              {isCompared && (
                <Table.Td>
                  <StatusChip {...verdictLook(verdict)} />
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface FactTableProps {
  readonly facts: EvalReport["facts"];
  readonly isCompared: boolean;
}

function FactTable({ facts, isCompared }: FactTableProps) {
  return (
    <Table aria-label="How it was measured">
      {isCompared && (
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th scope="col">Baseline</Table.Th>
            <Table.Th scope="col">Candidate</Table.Th>
          </Table.Tr>
        </Table.Thead>
      )}
      <Table.Tbody>
        {facts.map(({ name, baseline, candidate }) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={500}>
              {name}
            </Table.Th>
            {isCompared && baseline !== null && <Table.Td>{baseline}</Table.Td>}
            <Table.Td colSpan={isCompared && baseline === null ? 2 : 1}>{candidate}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
