import { ActionIcon, Group, Text, Title } from "@mantine/core";
import { useEffect, useId, useRef, type KeyboardEvent, type ReactNode } from "react";
import { Icon } from "../icon/icon.tsx";
import type { Peek } from "./use-peek.ts";
import "./peek-panel.css";

interface PeekPanelProps {
  readonly peek: Peek;
  readonly title: string;
  /** "Open in full page", made with `PageLink`. */
  readonly fullPage?: ReactNode;
  readonly children: ReactNode;
}

/**
 * A panel at the right that leaves the table behind it in use. Up and down (or k and j) walk the rows, Escape closes and
 * gives the focus back.
 */
export function PeekPanel({ peek, title, fullPage, children }: PeekPanelProps) {
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  const isOpen = peek.key !== undefined;
  useFocusIn(panel, isOpen);
  if (!isOpen) return undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") peek.close();
    // Fields and lists inside the panel keep their own arrow keys.
    if (event.target !== panel.current) return;
    const places = new Map([
      ["ArrowDown", 1],
      ["j", 1],
      ["ArrowUp", -1],
      ["k", -1],
    ]).get(event.key);
    if (places === undefined) return;
    event.preventDefault();
    peek.walk(places);
  };
  return (
    <aside
      ref={panel}
      className="peek-panel"
      aria-labelledby={id}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      <Group justify="space-between" wrap="nowrap" className="peek-panel-head">
        <Title order={2} size="h5" id={id} lineClamp={1}>
          {title}
        </Title>
        <Group gap={4} wrap="nowrap">
          {peek.position !== undefined && (
            <Text size="xs" c="dimmed" className="numeric">
              {peek.position.at} of {peek.position.of}
            </Text>
          )}
          <PanelButton label="Previous row" icon="up" onClick={() => peek.walk(-1)} />
          <PanelButton label="Next row" icon="down" onClick={() => peek.walk(1)} />
          {fullPage}
          <PanelButton label="Close panel" icon="close" onClick={peek.close} />
        </Group>
      </Group>
      <div className="peek-panel-body">{children}</div>
    </aside>
  );
}

interface PanelButtonProps {
  readonly label: string;
  readonly icon: "up" | "down" | "close";
  readonly onClick: () => void;
}

function PanelButton({ label, icon, onClick }: PanelButtonProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="dimmed"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </ActionIcon>
  );
}

/** Takes the focus when the panel opens, and gives it back to where it was when it closes. */
function useFocusIn(panel: React.RefObject<HTMLElement | null>, isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen) return undefined;
    const cameFrom = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus();
    };
  }, [isOpen, panel]);
}
