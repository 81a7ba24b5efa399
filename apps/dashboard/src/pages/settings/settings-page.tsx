import { Anchor, Table } from "@mantine/core";
import { useApiQuery } from "../../api/queries.ts";
import { timeZoneName } from "../../format/time.ts";
import { Page } from "../../page/page.tsx";
import { QueryState } from "../../page/query-state.tsx";
import { Section } from "../../page/section.tsx";
import { useSessionState } from "../../session/session-context.tsx";

interface Capabilities {
  readonly api_version: string;
  readonly server_version: string;
  readonly ingest: { readonly acknowledge: string; readonly durability: string };
}

export function SettingsPage() {
  const session = useSessionState();
  const capabilities = useApiQuery<Capabilities>({
    key: ["capabilities"],
    load: ({ api, signal }) => api.get("/scouter/api/v1/capabilities", { signal }),
  });
  return (
    <Page title="Settings" description="This server and this browser">
      <Section title="Server">
        <QueryState query={capabilities} what="the server's settings">
          {({ api_version, server_version, ingest }) => (
            <Rows
              rows={[
                ["Version", server_version],
                ["API version", api_version],
                [
                  "Senders are answered",
                  ingest.acknowledge === "durable"
                    ? "after their data is stored"
                    : "before their data is stored",
                ],
                [
                  "What is stored survives",
                  ingest.durability === "power"
                    ? "a power cut"
                    : "a killed process, not a power cut",
                ],
              ]}
            />
          )}
        </QueryState>
        <Anchor href="/scouter/api/v1/openapi.json" target="_blank" rel="noreferrer">
          Description of the HTTP API (OpenAPI)
        </Anchor>
      </Section>
      <Section title="This browser">
        <Rows
          rows={[
            ["Signed in as", session.kind === "signed-in" ? session.username : "nobody"],
            ["Time zone of all times", timeZoneName()],
          ]}
        />
      </Section>
    </Page>
  );
}

function Rows({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <Table layout="fixed">
      <Table.Tbody>
        {rows.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" w={240}>
              {name}
            </Table.Th>
            <Table.Td>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
