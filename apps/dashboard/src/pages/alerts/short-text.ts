import { formatNumber } from "../../format/number.ts";

/** Figures inside a text of the server with three significant digits: all of them are in the API, few help a reader. */
export function shortText(text: string): string {
  return text.replace(/-?\b\d+\.\d{4,}\b/g, (figure) => formatNumber(Number(figure)));
}
