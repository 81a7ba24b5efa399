/** What the help desk knows: one article for each problem of each product. */
export interface Article {
  readonly id: string;
  readonly product: string;
  readonly problem: string;
  readonly text: string;
}

export const products = [
  "kettle",
  "toaster",
  "radio",
  "lamp",
  "vacuum cleaner",
  "heater",
  "blender",
  "clock",
] as const;

/** By what a customer calls the problem; the remedy is what its article says. */
export const remedies: Readonly<Record<string, string>> = {
  "does not turn on": "check the fuse, then the socket",
  "is too loud": "put it on the rubber feet that came with it",
  "smells of plastic": "let it run empty for ten minutes",
  "has a loose cable": "unplug it and send it in: do not use it",
  "turns off by itself": "clean the air inlet and let it cool down",
  "has a scratched case": "ask for a new case; the guarantee covers it for a year",
  "misses a screw": "ask for the set of screws, it is free",
  "came without a manual": "download the manual from the page of the product",
  "gets too hot": "keep a hand's width free on all sides",
};

export const articles: readonly Article[] = products.flatMap((product, row) =>
  Object.entries(remedies).map(([problem, remedy], column) => ({
    id: `KB-${String(row + 1)}${String(column + 1)}`,
    product,
    problem,
    text: `If the ${product} ${problem}: ${remedy}.`,
  })),
);

export function searchArticles(product: string, problem: string | undefined): readonly Article[] {
  return articles.filter(
    (article) =>
      article.product === product && (problem === undefined || article.problem === problem),
  );
}
