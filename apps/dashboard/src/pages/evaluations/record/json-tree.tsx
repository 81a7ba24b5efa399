import { useState, type ReactNode } from "react";
import { foldedText, isFolder, jsonSummary, type Json } from "./json-summary.ts";
import "./record.css";

interface JsonTreeProps {
  readonly value: Json;
  /** How many levels stand open at first. */
  readonly openLevels: number;
  readonly name?: string;
}

/** Shown at once; more after a click. */
const ENTRIES_SHOWN = 50;

/** Any JSON value, by key; objects and lists fold, long texts are cut until asked for. */
export function JsonTree({ value, openLevels, name }: JsonTreeProps) {
  const [isOpen, setIsOpen] = useState(openLevels > 0);
  const [most, setMost] = useState(ENTRIES_SHOWN);
  if (!isFolder(value)) {
    return (
      <div className="json-line">
        <Name name={name} />
        <Scalar value={value} />
      </div>
    );
  }
  const entries = Object.entries(value);
  return (
    <div className="json-folder">
      <button
        type="button"
        className="json-toggle"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> <Name name={name} />
        <span className="json-summary">{jsonSummary(value)}</span>
      </button>
      {isOpen && (
        <div className="json-entries">
          {entries.slice(0, most).map(([key, child]) => (
            <JsonTree key={key} name={key} value={child} openLevels={openLevels - 1} />
          ))}
          {entries.length > most && (
            <More onClick={() => setMost(most * 4)}>{`${String(entries.length - most)} more`}</More>
          )}
        </div>
      )}
    </div>
  );
}

function Name({ name }: { readonly name: string | undefined }) {
  return name === undefined ? undefined : <span className="json-name">{name}: </span>;
}

function Scalar({ value }: { readonly value: Json }) {
  const [isWhole, setIsWhole] = useState(false);
  const text = JSON.stringify(value);
  const { shown, hiddenCharacters } = foldedText(text, isWhole);
  return (
    <>
      <span className="json-scalar" data-kind={value === null ? "null" : typeof value}>
        {shown}
      </span>
      {hiddenCharacters > 0 && (
        <More
          onClick={() => setIsWhole(true)}
        >{`${String(hiddenCharacters)} more characters`}</More>
      )}
    </>
  );
}

function More({
  onClick,
  children,
}: {
  readonly onClick: () => void;
  readonly children: ReactNode;
}) {
  return (
    <button type="button" className="json-more" onClick={onClick}>
      {children}
    </button>
  );
}
