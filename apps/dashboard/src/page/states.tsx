import { Alert, Button, Code, Group, Loader, Skeleton, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { ApiError } from "../api/api-error.ts";
import { Icon } from "../icon/icon.tsx";
import { CopyButton } from "./copy-button.tsx";

interface LoadingProps {
  /** What is fetched, for those who do not see the grey bars. */
  readonly what: string;
  readonly rows?: number;
}

export function Loading({ what, rows = 4 }: LoadingProps) {
  return (
    <Stack gap="xs" role="status">
      <span className="visually-hidden">Loading {what}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={18} width={`${String(95 - ((row * 17) % 40))}%`} />
      ))}
    </Stack>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** To be copied: a command or a program that brings the first data. */
  readonly snippet?: string;
  /** Something is awaited and the page looks for it by itself: `waitingFor="the first span"`. */
  readonly waitingFor?: string;
  readonly actions?: ReactNode;
}

/** Nothing there: says why and what to do. */
export function Empty({ title, children, snippet, waitingFor, actions }: EmptyProps) {
  return (
    <Stack gap="sm" align="flex-start" p="md">
      <Title order={2} size="h4">
        {title}
      </Title>
      {children !== undefined && <Text component="div">{children}</Text>}
      {snippet !== undefined && (
        <Group gap="xs" align="flex-start" wrap="nowrap" w="100%" maw={820}>
          <Code block flex={1} tabIndex={0} aria-label="to copy">
            {snippet}
          </Code>
          <CopyButton text={snippet} />
        </Group>
      )}
      {waitingFor !== undefined && (
        <Group gap="xs" role="status">
          <Loader size="xs" aria-hidden="true" />
          <Text size="sm" c="dimmed">
            Waiting for {waitingFor}. This page turns live by itself.
          </Text>
        </Group>
      )}
      {actions}
    </Stack>
  );
}

interface ErrorStateProps {
  readonly error: unknown;
  /** What could not be shown. */
  readonly what: string;
  /** In place of "could not be shown": of an action. */
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** The server's own message, what to do about it, and its stable code. */
export function ErrorState({ error, what, title, onRetry }: ErrorStateProps) {
  const known = error instanceof ApiError ? error : undefined;
  const message = known?.message ?? (error instanceof Error ? error.message : String(error));
  return (
    <Alert
      color="red"
      variant="outline"
      icon={<Icon name="alert" />}
      title={title ?? `${what} could not be shown`}
      role="alert"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{message}</Text>
        {known?.remedy !== undefined && <Text size="sm">What to do: {known.remedy}</Text>}
        <Text size="xs" c="dimmed" className="mono">
          {known?.code ?? "DASHBOARD_FAULT"}
        </Text>
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
