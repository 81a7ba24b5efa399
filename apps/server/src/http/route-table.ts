/** The methods of each registered path, to tell a wrong method from a wrong path. */
export class RouteTable {
  readonly #methods = new Map<
    string,
    { readonly pattern: RegExp; readonly methods: Set<string> }
  >();

  /** @param template as the framework has it: `:name` for one segment, `*` for the rest */
  add(method: string | readonly string[], template: string): void {
    const row = this.#methods.get(template) ?? { pattern: patternOf(template), methods: new Set() };
    for (const name of [method].flat()) row.methods.add(name);
    this.#methods.set(template, row);
  }

  /** Every route as `METHOD template`, in alphabetical order. */
  all(): readonly string[] {
    return [...this.#methods]
      .flatMap(([template, { methods }]) => [...methods].map((method) => `${method} ${template}`))
      .toSorted();
  }

  /** In alphabetical order; empty when no route has the path. */
  methodsOf(path: string): readonly string[] {
    const rows = [...this.#methods.values()].filter(({ pattern }) => pattern.test(path));
    return [...new Set(rows.flatMap(({ methods }) => [...methods]))].toSorted();
  }
}

function patternOf(template: string): RegExp {
  const segments = template.split("/").map((segment) => {
    if (segment.startsWith(":")) return "[^/]+";
    return segment === "*" ? ".*" : segment.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^${segments.join("/")}$`);
}
