import { Group, Paper, Text } from "@mantine/core";
import type { ReactNode } from "react";
import "./figure.css";

interface StatCardProps {
  readonly label: string;
  /** As it is to be read, unit included. */
  readonly value: string;
  /** Below: what it is made of, over which time. */
  readonly detail?: ReactNode;
  /** Beside the value, such as a `StatusChip`. */
  readonly status?: ReactNode;
  /** A link to what is behind it, made with `PageLink`. */
  readonly link?: ReactNode;
}

/** One figure with its name, unit and where it comes from. */
export function StatCard({ label, value, detail, status, link }: StatCardProps) {
  return (
    <Paper withBorder p="sm" bg="var(--surface-raised)">
      <dl className="stat">
        <Text component="dt" size="sm" c="dimmed">
          {label}
        </Text>
        <Group component="dd" gap="xs" align="baseline" m={0}>
          <Text component="span" size="xl" fw={600} className="numeric">
            {value}
          </Text>
          {status}
        </Group>
        {detail !== undefined && (
          <Text component="dd" size="xs" c="dimmed" m={0}>
            {detail}
          </Text>
        )}
      </dl>
      {link}
    </Paper>
  );
}
