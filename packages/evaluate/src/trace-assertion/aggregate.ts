import type { Aggregation, Json } from "@scouter/contracts";
import { isNumber } from "../json/json-type.ts";

/**
 * One value of many, in the order of the spans. `Count` counts values of any type; the others see numbers only (text that
 * spells a number is none) and are null without any.
 */
export function aggregate(aggregation: Aggregation, values: readonly Json[]): Json {
  if (aggregation === "Count") return values.length;
  const numbers = values.filter(isNumber);
  const [first] = numbers;
  if (first === undefined) return null;
  const sum = () => numbers.reduce((total, value) => total + value, 0);
  switch (aggregation) {
    case "Sum":
      return sum();
    case "Average":
      return sum() / numbers.length;
    case "Min":
      return numbers.reduce((least, value) => Math.min(least, value));
    case "Max":
      return numbers.reduce((most, value) => Math.max(most, value));
    case "First":
      return first;
    default:
      return numbers.at(-1) ?? null;
  }
}
