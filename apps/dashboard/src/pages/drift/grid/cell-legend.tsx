import { cellLook, cellStatuses } from "../cell-look.ts";
import { CellMark } from "./cell-mark.tsx";

/** What the marks of the grid mean. */
export function CellLegend() {
  return (
    <ul className="cell-legend" aria-label="Marks">
      {cellStatuses.map((status) => (
        <li key={status}>
          <CellMark status={status} /> {cellLook(status).word}
        </li>
      ))}
    </ul>
  );
}
