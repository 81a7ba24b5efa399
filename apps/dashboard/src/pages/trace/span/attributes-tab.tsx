import type { SpanDetail, TypedAttribute } from "@scouter/contracts";
import { Stack, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../../icon/icon.tsx";
import { AttributeTable } from "./attribute-table.tsx";
import { attributeGroups } from "./attribute-groups.ts";
import { Nothing } from "./nothing.tsx";

/** Raw keys and values, of the span and of the resource that sent it. */
export function AttributesTab({ span }: { readonly span: SpanDetail }) {
  const [search, setSearch] = useState("");
  return (
    <Stack gap="sm">
      <TextInput
        size="xs"
        aria-label="Search attributes"
        placeholder="Search keys and values"
        leftSection={<Icon name="search" sizePx={12} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
      />
      <Attributes title="Span" attributes={span.attributes} search={search} />
      <Attributes title="Resource" attributes={span.resource_attributes} search={search} />
      {span.dropped_attributes_count > 0 && (
        <Nothing>{span.dropped_attributes_count} more were dropped before they were sent.</Nothing>
      )}
    </Stack>
  );
}

interface AttributesProps {
  readonly title: string;
  readonly attributes: readonly TypedAttribute[];
  readonly search: string;
}

function Attributes({ title, attributes, search }: AttributesProps) {
  const groups = attributeGroups(attributes, search);
  return (
    <section>
      <Title order={3} size="h6">
        {title}
      </Title>
      {groups.length === 0 && (
        <Nothing>{attributes.length === 0 ? "No attributes." : "No attribute matches."}</Nothing>
      )}
      {groups.map(({ prefix, attributes: list }) => (
        <AttributeTable key={prefix} caption={prefix === "" ? "other" : prefix} attributes={list} />
      ))}
    </section>
  );
}
