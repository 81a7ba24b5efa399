/** Lines on a field of 16 x 16. Few and our own: a library of icons would weigh more than the page. */
const paths = {
  overview: "M2 9h5V2H2zM9 14h5V7H9zM2 14h5v-3H2zM9 2v3h5V2z",
  traces: "M2 3h8M5 8h9M4 13h6",
  evaluations: "M2 8l3 3 4-5M10 11h4M10 6h4",
  drift: "M2 12c3 0 3-8 6-8s3 8 6 8M2 14h12",
  alerts: "M4 11V7a4 4 0 018 0v4l1.500 1.500h-11zM6.500 14h3",
  settings:
    "M8 5.500a2.500 2.500 0 100 5 2.500 2.500 0 000-5zM8 1.500v2M8 12.500v2M1.500 8h2M12.500 8h2M3.400 3.400l1.400 1.400M11.200 11.200l1.400 1.400M3.400 12.600l1.400-1.400M11.200 4.800l1.400-1.400",
  ok: "M3 8.500l3.500 3.500L13 4.500",
  warning: "M8 2l6.500 12h-13zM8 6.500v3.500M8 12v.1",
  alert: "M5.500 1.500h5l4 4v5l-4 4h-5l-4-4v-5zM8 4.500V9M8 11.500v.1",
  failed: "M4 4l8 8M12 4l-8 8",
  none: "M3 8h10",
  few: "M3 8h.1M8 8h.1M13 8h.1",
  running: "M8 2a6 6 0 106 6M8 5v3l2 2",
  skipped: "M3 4l5 4-5 4zM12 4v8",
  search: "M7 2a5 5 0 100 10A5 5 0 007 2zM11 11l3 3",
  sun: "M8 5a3 3 0 100 6 3 3 0 000-6zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.500 1.500M11.500 11.500L13 13M3 13l1.500-1.500M11.500 4.500L13 3",
  moon: "M13.500 10A6 6 0 016 2.500a6 6 0 107.500 7.500z",
  refresh: "M13 8a5 5 0 11-1.500-3.500M13 2v3h-3",
  close: "M4 4l8 8M12 4l-8 8",
  up: "M3 10l5-5 5 5",
  down: "M3 6l5 5 5-5",
  right: "M6 3l5 5-5 5",
  expand: "M9 2h5v5M14 2L8.500 7.500M7 14H2V9M2 14l5.500-5.500",
  copy: "M6 6h8v8H6zM4 10H2V2h8v2",
  columns: "M2 3h12v10H2zM6 3v10M10 3v10",
  agent: "M3 6h10v7H3zM8 6V3M6 9.200v.1M10 9.200v.1M6.500 3h3",
  llm: "M2.500 3h11v8H8l-3 3v-3H2.500z",
  tool: "M10 2.200a3.500 3.500 0 00-3 5L2.300 11.900l1.800 1.800L8.800 9a3.500 3.500 0 005-3l-2.300 1.300-1.800-1.800z",
  retriever:
    "M3 4c0-2.500 10-2.500 10 0s-10 2.500-10 0v8c0 2.500 10 2.500 10 0V4M3 8c0 2.500 10 2.500 10 0",
  embedding: "M3 3h.1M8 3h.1M13 3h.1M3 8h.1M8 8h.1M13 8h.1M3 13h.1M8 13h.1M13 13h.1",
  reranker: "M5 3v10M2.500 10.500L5 13l2.500-2.500M9 4h5M9 8h4M9 12h2",
  guardrail: "M8 1.800l5.500 2v4c0 3.500-2.500 5.500-5.500 6.500-3-1-5.500-3-5.500-6.500v-4z",
  evaluator: "M2 14h12M8 14V3M3 5l5-2 5 2M1.500 9L3 5l1.500 4zM11.500 9L13 5l1.500 4z",
  chain:
    "M6.500 9.500l3-3M7 4.500l1.500-1.500a3 3 0 014.500 4.500L11.500 9M9 11.500L7.500 13A3 3 0 013 8.500L4.500 7",
  span: "M2.500 6h11v4h-11z",
  clock: "M8 2a6 6 0 100 12A6 6 0 008 2zM8 5v3.500l2 1.500",
  user: "M8 8a3 3 0 100-6 3 3 0 000 6zM2.500 14c.5-3 3-4 5.500-4s5 1 5.500 4",
} as const;

export type IconName = keyof typeof paths;

interface IconProps {
  readonly name: IconName;
  readonly sizePx?: number;
}

/** Decoration beside a word or inside a labelled button: hidden from screen readers. */
export function Icon({ name, sizePx = 16 }: IconProps) {
  return (
    <svg
      width={sizePx}
      height={sizePx}
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
      style={{ flex: "none" }}
    >
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.600"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
