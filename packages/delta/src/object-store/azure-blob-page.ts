import type { ObjectHead } from "./object-store.ts";

export interface BlobPage {
  readonly heads: readonly ObjectHead[];
  readonly nextMarker: string | undefined;
}

/**
 * One page of a blob listing. The answer has a fixed, flat form and the service escapes all text in it, so a search
 * for its elements does what a parser of XML would.
 */
export function parseBlobPage(xml: string): BlobPage {
  const heads = Array.from(xml.matchAll(/<Blob>(.*?)<\/Blob>/gs), ([, blob = ""]) => ({
    key: nameOf(blob),
    sizeBytes: Number(element(blob, "Content-Length")),
    modifiedAt: Date.parse(element(blob, "Last-Modified") ?? ""),
  }));
  const marker = element(xml.slice(xml.lastIndexOf("</Blobs>")), "NextMarker");
  return { heads, nextMarker: marker === "" ? undefined : marker };
}

/** A name that XML cannot hold comes URL-encoded and says so. */
function nameOf(blob: string): string {
  const encoded = /<Name Encoded="true">(.*?)<\/Name>/s.exec(blob)?.[1];
  return encoded === undefined ? (element(blob, "Name") ?? "") : decodeURIComponent(encoded);
}

function element(xml: string, name: string): string | undefined {
  const content = new RegExp(`<${name}>(.*?)</${name}>`, "s").exec(xml)?.[1];
  return content === undefined ? undefined : unescape(content);
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function unescape(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith("#")) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
}
