import type { ReactNode } from "react";
import "./fact-list.css";

interface FactListProps {
  readonly facts: readonly (readonly [string, ReactNode])[];
}

/** Names and values in two columns. */
export function FactList({ facts }: FactListProps) {
  return (
    <dl className="fact-list">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
