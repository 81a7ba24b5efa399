import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { AlertDetail } from "@scouter/contracts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/api-error.ts";
import { useApi } from "../../api/queries.ts";
import { ErrorState } from "../../page/states.tsx";

/** Marks an alert as seen, or takes that back; asks first. A resolved alert has nothing left to do. */
export function AlertActions({ alert }: { readonly alert: AlertDetail }) {
  const [isAsking, setIsAsking] = useState(false);
  if (alert.status === "resolved") return undefined;
  const opens = alert.status === "acknowledged";
  const verb = opens ? "Open again" : "Acknowledge";
  return (
    <>
      <Button size="xs" variant="default" onClick={() => setIsAsking(true)}>
        {verb}
      </Button>
      <Modal
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        title={`${verb}: ${alert.feature}`}
        closeButtonProps={{ "aria-label": "Close" }}
        centered
      >
        <Question alert={alert} verb={verb} active={opens} onDone={() => setIsAsking(false)} />
      </Modal>
    </>
  );
}

interface QuestionProps {
  readonly alert: AlertDetail;
  readonly verb: string;
  /** The state that the alert is to have. */
  readonly active: boolean;
  readonly onDone: () => void;
}

function Question({ alert, verb, active, onDone }: QuestionProps) {
  const api = useApi();
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: () =>
      api.put("/scouter/alerts", { id: alert.id, active, space: alert.profile.space }),
    // What the page then shows is what the server says, not what was hoped for.
    onSuccess: () => {
      onDone();
      return queries.invalidateQueries();
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm">
        {active
          ? "The alert counts as open again, for everybody."
          : "Everybody sees that somebody looks after it. It resolves by itself when the cause is gone."}
      </Text>
      {change.error !== null && (
        <>
          <ErrorState error={change.error} what="the change" title="The alert was not changed" />
          {change.error instanceof ApiError && change.error.status === 403 && (
            <Text size="sm">
              Reading alerts of space “{alert.profile.space}” is allowed to you, changing them is
              not: that takes the permission to write there.
            </Text>
          )}
        </>
      )}
      <Group justify="flex-end" gap="xs">
        <Button size="xs" variant="default" onClick={onDone}>
          Leave it
        </Button>
        <Button size="xs" loading={change.isPending} onClick={() => change.mutate()}>
          {verb}
        </Button>
      </Group>
    </Stack>
  );
}
