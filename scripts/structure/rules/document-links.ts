import { posix } from "node:path";
import { errorAt, type Finding } from "../finding.ts";
import { headingAnchors, proseLines } from "../markdown.ts";
import type { SourceTree } from "../source-tree.ts";

/** Links between our own pages lead somewhere, headings included. Addresses on the web are not looked up. */
export function documentLinks(tree: SourceTree): readonly Finding[] {
  return tree.paths
    .filter((path) => path.endsWith(".md"))
    .flatMap((page) =>
      proseLines(tree.text(page)).flatMap(({ text, line }) =>
        linkTargets(text).flatMap((target) => {
          const problem = linkProblem(tree, page, target);
          return problem === undefined ? [] : [errorAt(page, problem, line)];
        }),
      ),
    );
}

function linkTargets(text: string): readonly string[] {
  const withoutCode = text.replaceAll(/`[^`]*`/g, "code");
  return [...withoutCode.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target));
}

function linkProblem(tree: SourceTree, page: string, target: string): string | undefined {
  const [path = "", anchor] = target.split("#");
  const file = path === "" ? page : posix.join(posix.dirname(page), decodeURIComponent(path));
  const plain = file.replace(/\/$/, "");
  if (!tree.has(plain)) {
    return tree.hasFolder(plain) ? undefined : `link to '${target}': no such file or folder`;
  }
  if (anchor === undefined || !plain.endsWith(".md")) return undefined;
  if (headingAnchors(tree.text(plain)).has(anchor)) return undefined;
  return `link to '${target}': ${plain} has no such heading`;
}
