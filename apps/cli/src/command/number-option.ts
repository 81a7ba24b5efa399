import { errors } from "../errors.ts";

/** A parser for commander: a whole number between the bounds, both included. */
export function wholeNumber(option: string, lowest: number, highest: number) {
  return (given: string): number => {
    const value = /^-?\d+$/.test(given) ? Number(given) : Number.NaN;
    if (value >= lowest && value <= highest) return value;
    throw errors.CLI_OPTION_INVALID({
      option,
      given,
      allowed: `a whole number from ${String(lowest)} to ${String(highest)}`,
    });
  };
}

/** A parser for commander: a share from 0 to 1, both included. */
export function share(option: string) {
  return (given: string): number => {
    const value = /^\d*\.?\d+$/.test(given) ? Number(given) : Number.NaN;
    if (value >= 0 && value <= 1) return value;
    throw errors.CLI_OPTION_INVALID({ option, given, allowed: "a number from 0 to 1" });
  };
}

/** A parser for commander: a number between the bounds, both included. */
export function decimal(option: string, lowest: number, highest: number) {
  return (given: string): number => {
    const value = /^\d*\.?\d+$/.test(given) ? Number(given) : Number.NaN;
    if (value >= lowest && value <= highest) return value;
    throw errors.CLI_OPTION_INVALID({
      option,
      given,
      allowed: `a number from ${String(lowest)} to ${String(highest)}`,
    });
  };
}
