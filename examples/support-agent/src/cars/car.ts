/** One row of the car list: road tests of cars of the model years 1970 to 1982. */
export interface Car {
  readonly name: string;
  readonly year: number;
  readonly origin: Origin;
  readonly cylinders: number;
  /** Null where the source has no figure. */
  readonly figures: Readonly<Record<Column, number | null>>;
}

export const origins = ["USA", "Europe", "Japan"] as const;
export type Origin = (typeof origins)[number];

export const columnNames = [
  "horsepower",
  "fuel_economy",
  "weight",
  "displacement",
  "acceleration",
] as const;
export type Column = (typeof columnNames)[number];

export interface ColumnMeaning {
  /** Key in the data set. */
  readonly source: string;
  /** How a customer calls it. */
  readonly label: string;
  readonly unit: string;
  /** A unit that a careless answer mistakes it for. */
  readonly mistakenUnit: string;
}

export const columnMeanings: Readonly<Record<Column, ColumnMeaning>> = {
  horsepower: { source: "Horsepower", label: "power", unit: "hp", mistakenUnit: "kW" },
  fuel_economy: {
    source: "Miles_per_Gallon",
    label: "fuel economy",
    unit: "mpg",
    mistakenUnit: "l/100 km",
  },
  weight: { source: "Weight_in_lbs", label: "weight", unit: "lb", mistakenUnit: "kg" },
  displacement: {
    source: "Displacement",
    label: "engine displacement",
    unit: "cu in",
    mistakenUnit: "cc",
  },
  acceleration: {
    source: "Acceleration",
    label: "time from 0 to 60 mph",
    unit: "s",
    mistakenUnit: "m/s²",
  },
};

export function isColumn(text: string): text is Column {
  return (columnNames as readonly string[]).includes(text);
}

export function isOrigin(text: string): text is Origin {
  return (origins as readonly string[]).includes(text);
}
