/** The little of Markdown that the rules and the block runner need. Lines are counted from 1. */
export interface MarkdownLine {
  readonly text: string;
  readonly line: number;
}

export interface FencedBlock {
  /** The words after the fence, e.g. `["ts", "run"]`. */
  readonly info: readonly string[];
  readonly code: string;
  /** Line of the first line of code. */
  readonly line: number;
}

const FENCE = /^\s*(`{3,}|~{3,})(.*)$/;

/** Lines outside fenced blocks. */
export function proseLines(markdown: string): readonly MarkdownLine[] {
  return partition(markdown).prose;
}

export function fencedBlocks(markdown: string): readonly FencedBlock[] {
  return partition(markdown).blocks;
}

/** Anchors of the headings, as GitHub makes them. */
export function headingAnchors(markdown: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const { text } of proseLines(markdown)) {
    const title = /^#{1,6}\s+(.*?)\s*#*$/.exec(text)?.[1];
    if (title === undefined) continue;
    const slug = title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    let anchor = slug;
    for (let repeat = 1; anchors.has(anchor); repeat += 1) anchor = `${slug}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}

function partition(markdown: string): {
  readonly prose: readonly MarkdownLine[];
  readonly blocks: readonly FencedBlock[];
} {
  const prose: MarkdownLine[] = [];
  const blocks: FencedBlock[] = [];
  let open: { fence: string; info: string[]; code: string[]; line: number } | undefined;
  markdown.split("\n").forEach((text, index) => {
    const [, fence = "", rest = ""] = FENCE.exec(text) ?? [];
    if (open === undefined) {
      if (fence === "") prose.push({ text, line: index + 1 });
      else open = { fence, info: words(rest), code: [], line: index + 2 };
    } else if (fence.startsWith(open.fence) && rest.trim() === "") {
      blocks.push({ info: open.info, code: open.code.join("\n"), line: open.line });
      open = undefined;
    } else {
      open.code.push(text);
    }
  });
  return { prose, blocks };
}

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
