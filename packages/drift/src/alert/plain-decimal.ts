/**
 * A number as plain decimal digits: shortest form that reads back as the same double, never with an exponent, no
 * fraction for a whole number. JavaScript writes exponents below 1e-6 and from 1e21.
 */
export function plainDecimal(value: number): string {
  const text = String(value);
  const parts = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (parts === null) return text;
  const [, sign = "", first = "", rest = "", exponentText = "0"] = parts;
  const exponent = Number(exponentText);
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${first}${rest}`;
  return `${sign}${first}${rest.padEnd(exponent, "0")}`;
}
