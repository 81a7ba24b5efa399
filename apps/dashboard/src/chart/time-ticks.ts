import { formatTime } from "../format/time.ts";

const DAY_S = 86_400;

/**
 * Texts of a time axis, on the 24-hour clock of the browser's zone: the time, with the day on a second line wherever a
 * new one begins; days alone where the ticks are days or more apart.
 *
 * @param ticks seconds since 1970, ascending
 * @param stepS seconds between two ticks
 */
export function timeTicks(ticks: readonly number[], stepS: number): string[] {
  let shownDay = "";
  return ticks.map((tick) => {
    const [day = "", time = ""] = formatTime(tick * 1000).split(" ");
    if (stepS >= DAY_S) return day;
    const short = `${time.slice(0, stepS < 60 ? 8 : 5)}${stepS < 1 ? fraction(tick) : ""}`;
    if (day === shownDay) return short;
    shownDay = day;
    return `${short}\n${day}`;
  });
}

/** `.500` */
function fraction(tick: number): string {
  return ((((Math.round(tick * 1000) % 1000) + 1000) % 1000) / 1000).toFixed(3).slice(1);
}
