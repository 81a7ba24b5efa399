import type { SpanDetail } from "@scouter/contracts";
import { Anchor, Stack, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { formatCount, formatDuration } from "../../../format/number.ts";
import { formatExactTime } from "../../../format/time.ts";
import { PageLink } from "../../../url/page-link.tsx";
import { CopyableId } from "../copyable-id.tsx";

interface MetadataTabProps {
  readonly span: SpanDetail;
  readonly onSelect: (spanId: string) => void;
}

const statusWords = ["unset", "ok", "error"];

export function MetadataTab({ span, onSelect }: MetadataTabProps) {
  const { parent_id: parentId, scope } = span;
  return (
    <Stack gap="md">
      <Facts
        facts={[
          ["Span id", <CopyableId key="id" id={span.span_id} what="span id" />],
          [
            "Parent",
            parentId === null ? (
              "none"
            ) : (
              <Anchor
                key="parent"
                component="button"
                type="button"
                size="sm"
                className="mono"
                onClick={() => onSelect(parentId)}
              >
                {parentId}
              </Anchor>
            ),
          ],
          ["Service", span.service],
          ["Kind", span.kind.toLowerCase()],
          ["Status", statusWords[span.status]],
          ["Start", formatExactTime(span.start)],
          ["End", formatExactTime(span.end)],
          ["Duration", formatDuration(span.duration_ns / 1000)],
          ["Scope", [scope.name, scope.version].filter(Boolean).join(" ")],
          ["Trace state", span.trace_state],
        ]}
      />
      {span.genai !== null && <GenAiFacts genai={span.genai} />}
      {span.links.length > 0 && (
        <section>
          <Title order={3} size="h6">
            Links
          </Title>
          <ul>
            {span.links.map((link) => (
              <li key={`${link.trace_id} ${link.span_id}`}>
                <PageLink
                  to="/traces/$traceId"
                  params={{ traceId: link.trace_id }}
                  search={(before) => ({ ...before, span: link.span_id })}
                  size="sm"
                  className="mono"
                >
                  {link.trace_id}
                </PageLink>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Stack>
  );
}

function GenAiFacts({ genai }: { readonly genai: NonNullable<SpanDetail["genai"]> }) {
  const { tokens } = genai;
  return (
    <section>
      <Title order={3} size="h6">
        GenAI
      </Title>
      <Facts
        facts={[
          ["Convention", genai.dialect],
          ["Operation", genai.operation],
          ["Provider", genai.provider],
          ["Model asked", genai.request_model],
          ["Model that answered", genai.response_model],
          ["Response id", genai.response_id],
          ["Agent", genai.agent_name],
          ["Tool", genai.tool_name],
          ["Tokens in", tokens.input === null ? null : formatCount(tokens.input)],
          [
            "of these from a cache",
            tokens.cache_read === null ? null : formatCount(tokens.cache_read),
          ],
          [
            "of these into a cache",
            tokens.cache_write === null ? null : formatCount(tokens.cache_write),
          ],
          ["Tokens out", tokens.output === null ? null : formatCount(tokens.output)],
          [
            "of these for reasoning",
            tokens.reasoning === null ? null : formatCount(tokens.reasoning),
          ],
          ["Finished", genai.finish_reasons.join(", ")],
          ["Conversation", genai.conversation_id],
        ]}
      />
      {genai.notes.length > 0 && (
        <ul className="notes">
          {genai.notes.map(({ field, key, reason }) => (
            <li key={`${field} ${key}`}>
              {field}: {reason} (<span className="mono">{key}</span>)
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface FactsProps {
  readonly facts: readonly (readonly [string, ReactNode])[];
}

/** Names and values; what has no value is left out. */
function Facts({ facts }: FactsProps) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === null || value === undefined || value === "" ? undefined : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
