import { Button, Group, Popover, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../icon/icon.tsx";
import { timeZoneName } from "../format/time.ts";
import { rangeWords } from "./range-words.ts";
import { parseTimeRange, PRESETS } from "./time-range.ts";
import { useTimeRange } from "./use-time-range.ts";

/** The time range of every page: typed as one likes, or one of the usual ones. */
export function RangePicker() {
  const { text, range, setText } = useTimeRange();
  const [isOpen, setIsOpen] = useState(false);
  const [typed, setTyped] = useState(text);
  const isBad = parseTimeRange(typed) === undefined;
  const open = (next: boolean) => {
    setIsOpen(next);
    setTyped(text);
  };
  const choose = (next: string) => {
    setText(next);
    setIsOpen(false);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={open}
      position="bottom-end"
      trapFocus
      shadow="md"
      width={340}
    >
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          rightSection={<Icon name="down" sizePx={10} />}
          onClick={() => open(!isOpen)}
          aria-label={`Time range: ${rangeWords(range)}`}
        >
          {rangeWords(range)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Time range">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!isBad) choose(typed.trim());
          }}
        >
          <Stack gap="xs">
            <TextInput
              data-autofocus
              label="Time range"
              description={`25m, 2h, 3d, 2026-11-20, or two times with “/” between (${timeZoneName()})`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              error={
                isBad ? "write a length such as 25m, a day, or two times with / between" : undefined
              }
            />
            <Group gap={4}>
              {PRESETS.map((preset) => (
                <Button
                  key={preset}
                  size="compact-xs"
                  variant={preset === text ? "filled" : "default"}
                  onClick={() => choose(preset)}
                >
                  {preset}
                </Button>
              ))}
            </Group>
            <Group justify="space-between">
              <Text size="xs" c="dimmed">
                Drag over any chart to zoom.
              </Text>
              <Button size="compact-sm" type="submit" disabled={isBad}>
                Apply
              </Button>
            </Group>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
