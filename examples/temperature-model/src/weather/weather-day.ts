/** One day at one station. */
export interface WeatherDay {
  readonly station: Station;
  readonly year: number;
  /** `January` to `December`. */
  readonly month: string;
  /** What the day was like: sun, rain, drizzle, fog or snow. */
  readonly weather: string;
  /** Millimetres. */
  readonly precipitation: number;
  /** Degrees Celsius. */
  readonly lowest: number;
  /** Degrees Celsius: what the model predicts. */
  readonly highest: number;
  /** Metres per second, average of the day. */
  readonly wind: number;
}

export const stations = ["Seattle", "New York"] as const;
export type Station = (typeof stations)[number];

export const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

/** What the model reads, by feature name. */
export interface WeatherFeatures {
  readonly month: string;
  readonly weather: string;
  readonly precipitation: number;
  readonly lowest: number;
  readonly wind: number;
}
export const featureNames = ["month", "weather", "precipitation", "lowest", "wind"] as const;
export type FeatureName = (typeof featureNames)[number];
