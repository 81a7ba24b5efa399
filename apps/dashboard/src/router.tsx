import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from "@tanstack/react-router";
import { ErrorState, Loading } from "./page/states.tsx";
import { MissingPage } from "./page/missing-page.tsx";
import { Shell } from "./shell/shell.tsx";
import { KEPT_ON_NAVIGATION, parseSearch, stringifySearch, type Search } from "./url/search.ts";

const root = createRootRoute({
  component: Shell,
  validateSearch: (search: Record<string, unknown>): Search => search as Search,
  search: { middlewares: [retainSearchParams([...KEPT_ON_NAVIGATION])] },
});

/** One line a page; each is fetched when it is first opened. */
const routes = [
  createRoute({
    getParentRoute: () => root,
    path: "/",
    component: lazyRouteComponent(
      () => import("./pages/overview/overview-page.tsx"),
      "OverviewPage",
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/traces",
    component: lazyRouteComponent(() => import("./pages/traces/traces-page.tsx"), "TracesPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/traces/$traceId",
    component: lazyRouteComponent(() => import("./pages/trace/trace-page.tsx"), "TracePage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/evaluations",
    component: lazyRouteComponent(
      () => import("./pages/evaluations/evaluations-page.tsx"),
      "EvaluationsPage",
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/evaluations/$profileUid",
    component: lazyRouteComponent(
      () => import("./pages/evaluations/evaluation-page.tsx"),
      "EvaluationPage",
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/evaluations/$profileUid/records/$recordUid",
    component: lazyRouteComponent(
      () => import("./pages/evaluations/record-page.tsx"),
      "RecordPage",
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/runs",
    component: lazyRouteComponent(() => import("./pages/runs/runs-page.tsx"), "RunsPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/runs/$runId",
    component: lazyRouteComponent(() => import("./pages/runs/run-page.tsx"), "RunPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/drift",
    component: lazyRouteComponent(() => import("./pages/drift/drift-page.tsx"), "DriftPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/drift/$profileUid",
    component: lazyRouteComponent(
      () => import("./pages/drift/drift-profile-page.tsx"),
      "DriftProfilePage",
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/alerts",
    component: lazyRouteComponent(() => import("./pages/alerts/alerts-page.tsx"), "AlertsPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/alerts/$alertId",
    component: lazyRouteComponent(() => import("./pages/alerts/alert-page.tsx"), "AlertPage"),
  }),
  createRoute({
    getParentRoute: () => root,
    path: "/settings",
    component: lazyRouteComponent(
      () => import("./pages/settings/settings-page.tsx"),
      "SettingsPage",
    ),
  }),
] as const;

export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren(routes),
    parseSearch,
    stringifySearch,
    defaultPreload: "intent",
    defaultPendingComponent: () => <Loading what="the page" />,
    defaultErrorComponent: ({ error, reset }) => (
      <ErrorState error={error} what="This page" onRetry={reset} />
    ),
    defaultNotFoundComponent: MissingPage,
    scrollRestoration: true,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
