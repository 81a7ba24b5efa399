import { Combobox, Pill, PillsInput, useCombobox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type KeyboardEvent } from "react";
import {
  filterText,
  parseFilter,
  tokenText,
  type Filter,
  type FilterToken,
} from "./filter-tokens.ts";

/** One thing to filter by. */
export interface FilterKey {
  readonly key: string;
  /** What it is, in a few words. */
  readonly label: string;
  /** Values to offer, most likely first; what the person typed so far is given. */
  readonly values?: (
    typed: string,
    signal: AbortSignal,
  ) => readonly string[] | Promise<readonly string[]>;
}

interface FilterBarProps {
  /** Names the bar: "Filter traces". */
  readonly label: string;
  /** As the address holds it. */
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly keys: readonly FilterKey[];
  readonly placeholder?: string;
}

const MAX_OFFERED = 12;

/** Typed `key:value` tokens with completion of keys and values, and plain words. Enter adds, Backspace takes away. */
export function FilterBar({ label, value, onChange, keys, placeholder }: FilterBarProps) {
  const [typed, setTyped] = useState("");
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const names = keys.map(({ key }) => key);
  const filter = parseFilter(value, names);
  const offered = useCompletions(typed, keys);

  const change = (next: Filter) => onChange(filterText(next));
  const add = (text: string) => {
    const added = parseFilter(text, names);
    setTyped("");
    if (added.tokens.length + added.words.length === 0) return;
    change({
      tokens: [...filter.tokens, ...added.tokens],
      words: [...filter.words, ...added.words],
    });
  };
  const choose = (text: string) => {
    if (text.endsWith(":")) setTyped(text);
    else add(text);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter" && combobox.getSelectedOptionIndex() === -1) {
      event.preventDefault();
      add(typed);
      // What came of it is seen only without the list over it; typing on opens it again.
      combobox.closeDropdown();
    } else if (event.key === "Backspace" && typed === "") {
      change(withoutLast(filter));
    }
  };

  return (
    <Combobox store={combobox} onOptionSubmit={choose} shadow="md">
      <Combobox.DropdownTarget>
        <PillsInput size="sm">
          <Pill.Group>
            {filter.tokens.map((token, at) => (
              <Pill
                key={`${tokenText(token)} ${String(at)}`}
                withRemoveButton
                removeButtonProps={{
                  "aria-label": `remove ${tokenText(token)}`,
                  "aria-hidden": false,
                  tabIndex: 0,
                }}
                onRemove={() => change({ ...filter, tokens: filter.tokens.toSpliced(at, 1) })}
              >
                {shownToken(token)}
              </Pill>
            ))}
            {filter.words.map((word, at) => (
              <Pill
                key={`${word} ${String(at)}`}
                withRemoveButton
                removeButtonProps={{
                  "aria-label": `remove ${word}`,
                  "aria-hidden": false,
                  tabIndex: 0,
                }}
                onRemove={() => change({ ...filter, words: filter.words.toSpliced(at, 1) })}
              >
                “{word}”
              </Pill>
            ))}
            <Combobox.EventsTarget>
              <PillsInput.Field
                aria-label={label}
                placeholder={
                  placeholder ??
                  `${names
                    .slice(0, 3)
                    .map((name) => `${name}:…`)
                    .join("  ")} or words`
                }
                value={typed}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                  combobox.openDropdown();
                  combobox.resetSelectedOption();
                }}
                onFocus={() => combobox.openDropdown()}
                onBlur={() => {
                  combobox.closeDropdown();
                  add(typed);
                }}
                onKeyDown={onKeyDown}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Combobox.Dropdown hidden={offered.length === 0}>
        <Combobox.Options>
          {offered.map(({ text, words }) => (
            <Combobox.Option
              key={text}
              value={text}
              onMouseDown={(event) => event.preventDefault()}
            >
              <span className="mono">{text}</span>{" "}
              <span style={{ color: "var(--mantine-color-dimmed)" }}>{words}</span>
            </Combobox.Option>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

interface Completion {
  readonly text: string;
  readonly words: string;
}

/** Keys while a key is typed, then its values. */
function useCompletions(typed: string, keys: readonly FilterKey[]): readonly Completion[] {
  const [, minus = "", name = "", typedValue] = /^(-?)([\w.]*)(?::(.*))?$/s.exec(typed) ?? [];
  const key = typedValue === undefined ? undefined : keys.find((row) => row.key === name);
  const values = useQuery({
    queryKey: ["filter values", key?.key, typedValue],
    queryFn: async ({ signal }) => (await key?.values?.(typedValue ?? "", signal)) ?? [],
    enabled: key?.values !== undefined,
    retry: false,
  });
  if (key === undefined) {
    return keys
      .filter((row) => row.key.startsWith(name))
      .map((row) => ({ text: `${minus}${row.key}:`, words: row.label }));
  }
  return (values.data ?? []).slice(0, MAX_OFFERED).map((value) => ({
    text: tokenText({ key: key.key, value, negated: minus !== "" }),
    words: "",
  }));
}

function shownToken({ key, value, negated }: FilterToken): string {
  return `${negated ? "not " : ""}${key}: ${value}`;
}

function withoutLast({ tokens, words }: Filter): Filter {
  return words.length > 0
    ? { tokens, words: words.slice(0, -1) }
    : { tokens: tokens.slice(0, -1), words };
}
