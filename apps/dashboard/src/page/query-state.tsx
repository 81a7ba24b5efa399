import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState, Loading } from "./states.tsx";

interface QueryStateProps<Value> {
  readonly query: UseQueryResult<Value>;
  /** In messages: "loading traces", "traces could not be shown". */
  readonly what: string;
  readonly children: (value: Value) => ReactNode;
}

/**
 * A query's three faces. Once there is a value it stays: a failed refresh is told above it.
 */
export function QueryState<Value>({ query, what, children }: QueryStateProps<Value>) {
  const { data, error } = query;
  const retry = () => void query.refetch();
  if (data === undefined) {
    return error === null ? (
      <Loading what={what} />
    ) : (
      <ErrorState error={error} what={what} onRetry={retry} />
    );
  }
  return (
    <>
      {error !== null && (
        <ErrorState error={error} what={`the newest state of ${what}`} onRetry={retry} />
      )}
      {children(data)}
    </>
  );
}
