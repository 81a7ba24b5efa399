import { fencedBlocks } from "../structure/markdown.ts";
import type { SourceTree } from "../structure/source-tree.ts";

/** A fenced block marked `ts run` or `sh run`: it promises that it works as it stands. */
export interface RunnableBlock {
  readonly page: string;
  /** Line of its first line of code. */
  readonly line: number;
  readonly language: "ts" | "sh";
  readonly code: string;
}

/** Every runnable block of docs and READMEs, page by page, in order. */
export function runnableBlocks(tree: SourceTree): readonly RunnableBlock[] {
  return tree.paths
    .filter((path) => path.endsWith(".md"))
    .flatMap((page) =>
      fencedBlocks(tree.text(page)).flatMap(({ info, code, line }) => {
        const [language, mark] = info;
        if (mark !== "run") return [];
        if (language !== "ts" && language !== "sh") {
          throw new Error(`${page}:${line}: cannot run '${language}'; expected ts or sh`);
        }
        return [{ page, line, language, code }];
      }),
    );
}

/** The block as a module whose line numbers are the page's, so that every message points at the page. */
export function moduleText({ code, line }: RunnableBlock): string {
  return `${"\n".repeat(line - 1)}${code}\n`;
}

/** `docs/getting-started.md`, line 42 -> `docs-getting-started.md-42.ts` */
export function moduleName({ page, line }: RunnableBlock): string {
  return `${page.replaceAll(/[^A-Za-z0-9.]+/g, "-")}-${line}.ts`;
}

/** Compiler messages about a block's module, told about the page instead. */
export function pointAtPages(messages: string, blocks: readonly RunnableBlock[]): string {
  return blocks.reduce(
    (text, block) =>
      text.replaceAll(
        new RegExp(`[^\\s(]*${moduleName(block).replaceAll(".", String.raw`\.`)}`, "g"),
        block.page,
      ),
    messages,
  );
}
