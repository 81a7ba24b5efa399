import { months, type WeatherDay, type WeatherFeatures } from "../weather/weather-day.ts";
import { leastSquares } from "./linear-regression.ts";

/** Predicts the highest temperature of a day from what else is known of it. */
export interface TemperatureModel {
  /** Degrees Celsius. */
  predict(day: WeatherFeatures): number;
}

/** Kinds of weather that get a weight of their own; all others share the intercept. */
const WEIGHTED_WEATHER = ["sun", "rain", "snow"];

/** A linear regression; the season enters as the first harmonic of the year. */
export function trainTemperatureModel(days: readonly WeatherDay[]): TemperatureModel {
  const weights = leastSquares(
    days.map(inputOf),
    days.map(({ highest }) => highest),
  );
  return {
    predict: (day) =>
      inputOf(day).reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0),
  };
}

/** Degrees Celsius by which predictions miss, on average. */
export function meanAbsoluteError(model: TemperatureModel, days: readonly WeatherDay[]): number {
  const misses = days.map((day) => Math.abs(model.predict(day) - day.highest));
  return misses.reduce((sum, miss) => sum + miss, 0) / misses.length;
}

function inputOf(day: WeatherFeatures): readonly number[] {
  const angle = (2 * Math.PI * (months as readonly string[]).indexOf(day.month)) / months.length;
  return [
    1,
    day.lowest,
    day.precipitation,
    day.wind,
    Math.cos(angle),
    Math.sin(angle),
    ...WEIGHTED_WEATHER.map((weather) => (day.weather === weather ? 1 : 0)),
  ];
}
