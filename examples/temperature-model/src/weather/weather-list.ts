import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { errors } from "../errors.ts";
import { months, stations, type WeatherDay } from "./weather-day.ts";

/**
 * The 2,922 days of 2012 to 2015 at Seattle and New York that the npm package `vega-datasets` ships.
 *
 * @throws MODEL_DEMO_WEATHER_UNREADABLE
 */
export async function readWeather(): Promise<readonly WeatherDay[]> {
  // The package exports its entry only; its data lie in a folder beside the entry's own.
  const entry = createRequire(import.meta.url).resolve("vega-datasets");
  const path = join(dirname(entry), "..", "data", "weather.csv");
  try {
    const [header = "", ...lines] = (await readFile(path, "utf8")).trim().split(/\r?\n/);
    const columns = header.split(",");
    return lines.map((line) => dayOf(columns, line.split(",")));
  } catch (cause) {
    throw errors.MODEL_DEMO_WEATHER_UNREADABLE({ path }, { cause });
  }
}

function dayOf(columns: readonly string[], cells: readonly string[]): WeatherDay {
  const text = (column: string) => cells[columns.indexOf(column)] ?? "";
  const figure = (column: string) => {
    const value = Number(text(column) || Number.NaN);
    if (!Number.isFinite(value)) throw new TypeError(`no ${column}: ${cells.join(",")}`);
    return value;
  };
  const station = stations.find((name) => name === text("location"));
  const month = months[Number(text("date").slice(5, 7)) - 1];
  if (station === undefined || month === undefined) throw new TypeError(cells.join(","));
  return {
    station,
    year: Number(text("date").slice(0, 4)),
    month,
    weather: text("weather"),
    precipitation: figure("precipitation"),
    lowest: figure("temp_min"),
    highest: figure("temp_max"),
    wind: figure("wind"),
  };
}
