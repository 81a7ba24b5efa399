import type { TypedAttribute } from "@scouter/contracts";
import { CopyButton } from "../../../page/copy-button.tsx";
import { prettyText, valueText } from "./attribute-groups.ts";

interface AttributeTableProps {
  readonly caption: string;
  readonly attributes: readonly TypedAttribute[];
}

export function AttributeTable({ caption, attributes }: AttributeTableProps) {
  return (
    <table className="attributes">
      <caption>{caption}</caption>
      <tbody>
        {attributes.map(({ key, type, value }) => (
          <tr key={key}>
            <th scope="row" className="mono">
              {key}
            </th>
            <td className="mono" title={type}>
              <div className="attribute-value">{prettyText(value)}</div>
            </td>
            <td className="attribute-copy">
              <CopyButton text={valueText(value)} label={`Copy ${key}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
