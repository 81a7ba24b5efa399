import { Button, Modal, Text, TextInput } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useId, useState, type KeyboardEvent } from "react";
import { useProfiles } from "../api/profiles.ts";
import { Icon } from "../icon/icon.tsx";
import { paletteEntries, type PaletteEntry } from "./palette-entries.ts";

/** Ctrl+K or ⌘K: go to a page, a profile, or a trace by its id. */
export function CommandPalette() {
  const [isOpen, setIsOpen] = useState(false);
  // After a choice the focus belongs to the page that was gone to.
  const [hasChosen, setHasChosen] = useState(false);
  const open = () => {
    setHasChosen(false);
    setIsOpen(true);
  };
  useHotkeys([["mod+K", open]], []);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<Icon name="search" sizePx={14} />}
        onClick={open}
        aria-keyshortcuts="Control+K Meta+K"
      >
        Go to …
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        title="Go to"
        returnFocus={!hasChosen}
        closeButtonProps={{ "aria-label": "Close" }}
        transitionProps={{ duration: 0 }}
      >
        <Palette
          onDone={() => {
            setHasChosen(true);
            setIsOpen(false);
          }}
        />
      </Modal>
    </>
  );
}

function Palette({ onDone }: { readonly onDone: () => void }) {
  const id = useId();
  const navigate = useNavigate();
  const profiles = useProfiles();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const entries = paletteEntries(typed, profiles.data ?? []);
  const active = Math.min(at, entries.length - 1);

  const go = (entry: PaletteEntry | undefined) => {
    if (entry === undefined) return;
    onDone();
    void navigate({ to: entry.path });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(entries[active]);
    else if (event.key === "ArrowDown") setAt(Math.min(active + 1, entries.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(active - 1, 0));
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-label="Page, profile or trace id"
        aria-expanded={entries.length > 0}
        aria-controls={id}
        aria-activedescendant={entries.length > 0 ? `${id}-${String(active)}` : undefined}
        placeholder="Page, profile or trace id"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        mb="xs"
      />
      <div id={id} role="listbox" aria-label="Where to go">
        {entries.map((entry, index) => (
          <div
            key={entry.key}
            id={`${id}-${String(index)}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="palette-option"
            onMouseMove={() => setAt(index)}
            onClick={() => go(entry)}
            onKeyDown={onKeyDown}
          >
            <Icon name={entry.icon} />
            <Text size="sm" flex={1}>
              {entry.label}
            </Text>
            <Text size="xs" c="dimmed">
              {entry.hint}
            </Text>
          </div>
        ))}
      </div>
      {entries.length === 0 && <Text size="sm">Nothing of that name.</Text>}
    </>
  );
}
