import type { SpanDetail } from "@scouter/contracts";
import { Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { CopyButton } from "../../../page/copy-button.tsx";
import { prettyText, valueText } from "./attribute-groups.ts";
import { Nothing } from "./nothing.tsx";

/** What went in and came out, as it was captured. */
export function InputOutputTab({ span: { input, output } }: { readonly span: SpanDetail }) {
  const [form, setForm] = useState("pretty");
  if (input === null && output === null) {
    return <Nothing>This span captured neither input nor output.</Nothing>;
  }
  const isRaw = form === "raw";
  return (
    <Stack gap="sm">
      <SegmentedControl
        size="xs"
        aria-label="Form"
        value={form}
        onChange={setForm}
        data={[
          { value: "pretty", label: "Pretty" },
          { value: "raw", label: "Raw" },
        ]}
        style={{ alignSelf: "flex-start" }}
      />
      <Captured title="Input" value={input} isRaw={isRaw} />
      <Captured title="Output" value={output} isRaw={isRaw} />
    </Stack>
  );
}

interface CapturedProps {
  readonly title: string;
  readonly value: SpanDetail["input"];
  readonly isRaw: boolean;
}

function Captured({ title, value, isRaw }: CapturedProps) {
  const text = isRaw ? valueText(value) : prettyText(value);
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {value !== null && <CopyButton text={text} label={`Copy ${title.toLowerCase()}`} />}
      </Group>
      {value === null ? <Nothing>Not captured.</Nothing> : <pre className="captured">{text}</pre>}
    </div>
  );
}
