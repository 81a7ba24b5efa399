/** Milliseconds since 1970, or an ISO text as the API sends it. */
export type Instant = number | string;

export function instantMs(instant: Instant): number {
  return typeof instant === "number" ? instant : Date.parse(instant);
}

/** Name of the zone that every time is shown in: the browser's, such as `Europe/Berlin`. */
export function timeZoneName(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

const two = (value: number) => String(value).padStart(2, "0");

/** `2026-11-22 14:03:27` in the browser's zone. */
export function formatTime(instant: Instant): string {
  const at = new Date(instantMs(instant));
  if (Number.isNaN(at.getTime())) return String(instant);
  const day = `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** With milliseconds and the offset: what a tooltip or a copied text needs. */
export function formatExactTime(instant: Instant): string {
  const at = new Date(instantMs(instant));
  if (Number.isNaN(at.getTime())) return String(instant);
  const milliseconds = String(at.getMilliseconds()).padStart(3, "0");
  return `${formatTime(instant)}.${milliseconds} ${timeZoneName()}`;
}

const steps = [
  { unit: "day", ms: 86_400_000 },
  { unit: "hour", ms: 3_600_000 },
  { unit: "minute", ms: 60_000 },
  { unit: "second", ms: 1000 },
] as const;
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** `3 min. ago`, `in 2 hr.`, `now` */
export function formatRelative(instant: Instant, nowMs: number): string {
  const differenceMs = instantMs(instant) - nowMs;
  if (Number.isNaN(differenceMs)) return String(instant);
  const step = steps.find(({ ms }) => Math.abs(differenceMs) >= ms);
  return step === undefined
    ? "now"
    : relative.format(Math.round(differenceMs / step.ms), step.unit);
}
