import { createTheme, type CSSVariablesResolver } from "@mantine/core";

/** One look for both schemes; what is told by colour is told by a word or a shape too. */
export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: 8,
  autoContrast: true,
  cursorType: "pointer",
  defaultRadius: "sm",
  fontFamily:
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace",
  headings: { fontWeight: "600", sizes: { h1: { fontSize: "1.375rem" } } },
});

/**
 * Colours that the components' own have too little contrast for (4.5 : 1 on every surface we use), and those of charts
 * and statuses, as variables so that style sheets, SVG and canvas take them from one place.
 */
export const cssVariables: CSSVariablesResolver = ({ colors }) => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#4c535b",
    "--mantine-color-placeholder": "#5c636b",
    "--mantine-color-anchor": colors.indigo[8],
    "--mantine-color-error": "#b3261e",
    "--surface": "#ffffff",
    "--surface-sunken": "#f5f6f8",
    "--surface-raised": "#ffffff",
    "--border": "#d5d9df",
    "--selected": "#e6ebff",
    "--hover": "#f0f2f6",
    "--status-ok": "#1b6e3c",
    "--status-warning": "#8a4b00",
    "--status-alert": "#b3261e",
    "--status-neutral": "#4c535b",
    "--status-active": "#2f44ad",
    "--chart-1": "#2f5fd0",
    "--chart-2": "#b5530b",
    "--chart-3": "#12795c",
    "--chart-4": "#8c3fa8",
    "--chart-5": "#a8324f",
    "--chart-6": "#5a6470",
    "--chart-grid": "#e3e6eb",
    "--chart-axis": "#4c535b",
  },
  dark: {
    "--mantine-color-body": "#16181d",
    "--mantine-color-text": "#e3e6eb",
    "--mantine-color-dimmed": "#aab2bd",
    "--mantine-color-placeholder": "#a0a8b3",
    "--mantine-color-anchor": "#a5b8ff",
    "--mantine-color-error": "#ff9a90",
    "--surface": "#16181d",
    "--surface-sunken": "#101216",
    "--surface-raised": "#1d2026",
    "--border": "#383d47",
    "--selected": "#28335c",
    "--hover": "#24282f",
    "--status-ok": "#6fd597",
    "--status-warning": "#f2b35c",
    "--status-alert": "#ff9a90",
    "--status-neutral": "#aab2bd",
    "--status-active": "#a5b8ff",
    "--chart-1": "#7aa2ff",
    "--chart-2": "#f2a05c",
    "--chart-3": "#58c9a3",
    "--chart-4": "#d29be8",
    "--chart-5": "#f58ba3",
    "--chart-6": "#9aa4b1",
    "--chart-grid": "#2c3139",
    "--chart-axis": "#aab2bd",
  },
});
