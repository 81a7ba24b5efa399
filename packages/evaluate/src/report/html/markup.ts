/** Text that is HTML already. Only functions of this folder make it: whatever comes from a run goes through `text`. */
export interface Markup {
  readonly html: string;
}

/** Escaped, for content and for quoted attributes alike. */
export function text(value: string): Markup {
  return {
    html: value
      .toWellFormed()
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;"),
  };
}

/** A template whose values are escaped unless they are markup; lists are joined. Its own indentation is left out. */
export function markup(
  strings: TemplateStringsArray,
  ...values: readonly (Markup | string | number | readonly Markup[])[]
): Markup {
  const parts = strings.map((literal, index) => {
    const value = values[index];
    const own = literal.replaceAll(/\n\s+/g, "\n");
    return value === undefined ? own : own + markupOf(value);
  });
  return { html: parts.join("") };
}

export const nothing: Markup = { html: "" };

function markupOf(value: Markup | string | number | readonly Markup[]): string {
  if (typeof value === "string") return text(value).html;
  if (typeof value === "number") return String(value);
  return "html" in value ? value.html : value.map((own) => own.html).join("");
}
