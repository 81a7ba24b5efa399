interface Limits {
  readonly lower_limit: number | null;
  readonly upper_limit: number | null;
}

/** `above 2.64`, `below 0.8`, `below 1 or above 3` */
export function limitWords(
  { lower_limit: lower, upper_limit: upper }: Limits,
  text: (figure: number) => string,
): string {
  const sides = [
    ...(lower === null ? [] : [`below ${text(lower)}`]),
    ...(upper === null ? [] : [`above ${text(upper)}`]),
  ];
  return sides.length === 0 ? "never" : sides.join(" or ");
}
