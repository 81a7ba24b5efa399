import { errorAt, type Finding } from "../finding.ts";
import { proseLines } from "../markdown.ts";
import type { SourceTree } from "../source-tree.ts";

const NOTE = /^docs\/decisions\/(?!README\.md$)(.*)$/;
const NAME = /^(\d{4})-[a-z0-9]+(?:-[a-z0-9]+)*\.md$/;
const PARTS = ["Status", "Context", "Decision", "Consequences", "Alternatives"];

/** Decision notes have one form and one number each, so that code can cite the number. */
export function decisionNotes(tree: SourceTree): readonly Finding[] {
  const numbers = new Map<string, string>();
  return tree.paths.flatMap((path) => {
    const name = NOTE.exec(path)?.[1];
    if (name === undefined) return [];
    const number = NAME.exec(name)?.[1];
    if (number === undefined) return [errorAt(path, "name it NNNN-words-of-the-title.md")];
    const earlier = numbers.get(number);
    numbers.set(number, path);
    return [
      ...(earlier === undefined ? [] : [errorAt(path, `number ${number} is taken by ${earlier}`)]),
      ...missingParts(tree.text(path)).map((part) => errorAt(path, `has no part '## ${part}'`)),
    ];
  });
}

function missingParts(markdown: string): readonly string[] {
  const headings = new Set(proseLines(markdown).map(({ text }) => text.trim()));
  return PARTS.filter((part) => !headings.has(`## ${part}`));
}
