import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ApiError } from "./api/api-error.ts";
import type { Api } from "./api/api.ts";
import { ApiProvider } from "./api/queries.ts";
import type { AppRouter } from "./router.tsx";
import { SessionProvider } from "./session/session-context.tsx";
import { SessionGate } from "./session/session-gate.tsx";
import type { Session } from "./session/session.ts";
import { cssVariables, theme } from "./theme/theme.ts";

interface AppProps {
  readonly session: Session;
  readonly api: Api;
  readonly queries: QueryClient;
  readonly router: AppRouter;
}

export function App({ session, api, queries, router }: AppProps) {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <SessionProvider value={session}>
          <ApiProvider value={api}>
            <SessionGate>
              <RouterProvider router={router} />
            </SessionGate>
          </ApiProvider>
        </SessionProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}

const MAX_RETRIES = 2;

/** What is refused once is refused again: only what the server calls worth it is tried anew. */
export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2000,
        retry: (failures, error) =>
          error instanceof ApiError && error.retryable && failures < MAX_RETRIES,
      },
    },
  });
}
