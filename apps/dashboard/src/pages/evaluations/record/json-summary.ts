import type { EvaluationRecordDetail } from "@scouter/contracts";

export type Json = EvaluationRecordDetail["context"];

const MOST_CHARACTERS = 240;

/** An object or a list that holds something. */
export function isFolder(value: Json): value is Exclude<Json, null | string | number | boolean> {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

/** `{ 3 keys }`, `[ 1 item ]` */
export function jsonSummary(value: Json): string {
  if (!isFolder(value)) return JSON.stringify(value);
  const count = Object.keys(value).length;
  const plural = count === 1 ? "" : "s";
  return Array.isArray(value)
    ? `[ ${String(count)} item${plural} ]`
    : `{ ${String(count)} key${plural} }`;
}

export interface FoldedText {
  readonly shown: string;
  /** 0: all of it is shown. */
  readonly hiddenCharacters: number;
}

export function foldedText(text: string, isWhole: boolean): FoldedText {
  if (isWhole || text.length <= MOST_CHARACTERS) return { shown: text, hiddenCharacters: 0 };
  // Not between the halves of one character.
  const last = text.charCodeAt(MOST_CHARACTERS - 1);
  const end = last >= 0xd800 && last <= 0xdbff ? MOST_CHARACTERS - 1 : MOST_CHARACTERS;
  return { shown: `${text.slice(0, end)}…`, hiddenCharacters: text.length - end };
}
