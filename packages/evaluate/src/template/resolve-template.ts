import type { Json } from "@scouter/contracts";
import { errors } from "../errors.ts";
import { storableJson } from "../json/storable-json.ts";
import { printPath, type Path } from "../path/path.ts";
import { resolvePath } from "../path/resolve-path.ts";
import type { Template } from "./template.ts";

/**
 * Fills a template from a context. Inside text, strings are put in as they are and other values as JSON.
 * @throws EVALUATE_TEMPLATE_NOT_FOUND with the path
 */
export function resolveTemplate(template: Template, context: Json): Json {
  switch (template.kind) {
    case "constant":
      return template.value;
    case "reference":
      return valueAt(template.path, context);
    case "text":
      return template.parts
        .map((part) => (typeof part === "string" ? part : textAt(part, context)))
        .join("");
    case "array":
      return template.items.map((item) => resolveTemplate(item, context));
    default:
      // Built from entries, so that a key named __proto__ stays a key.
      return Object.fromEntries(
        template.members.map(([key, member]) => [key, resolveTemplate(member, context)]),
      );
  }
}

function textAt(path: Path, context: Json): string {
  const value = valueAt(path, context);
  return typeof value === "string" ? value : JSON.stringify(storableJson(value));
}

function valueAt(path: Path, context: Json): Json {
  const resolution = resolvePath(path, context);
  if (resolution.found) return resolution.value;
  throw errors.EVALUATE_TEMPLATE_NOT_FOUND({ path: printPath(path), reason: resolution.reason });
}
