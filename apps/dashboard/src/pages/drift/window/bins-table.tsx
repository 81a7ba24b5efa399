import { Group, Text } from "@mantine/core";
import type { PsiDistribution } from "@scouter/contracts";
import { formatCount, formatNumber, formatPercent } from "../../../format/number.ts";
import "./bins.css";

/** Shares of the window beside those of the baseline, bin by bin, and what each adds to the index. */
export function BinsTable({ distribution }: { readonly distribution: PsiDistribution }) {
  const { bins, feature, reference_count: baselineCount, unseen, bin_type } = distribution;
  const most = Math.max(0, ...bins.flatMap(({ reference, current }) => [reference, current ?? 0]));
  const widthOf = (share: number | null) =>
    `${String(most === 0 || share === null ? 0 : (share / most) * 100)}%`;
  return (
    <>
      <Group gap="md" fz="xs">
        <span>
          <span className="bin-key" /> baseline (
          {baselineCount === null ? "size not known" : `n = ${formatCount(baselineCount)}`})
        </span>
        <span>
          <span className="bin-key" data-of="window" /> window (n ={" "}
          {formatCount(feature.sample_size)})
        </span>
      </Group>
      <table className="bins" aria-label={`Bins of ${feature.name} against the baseline`}>
        <thead>
          <tr>
            <th scope="col">{bin_type === "Numeric" ? "Bin" : "Category"}</th>
            <th scope="col" className="bars">
              <span className="visually-hidden">Bars</span>
            </th>
            <th scope="col">Baseline</th>
            <th scope="col">Window</th>
            <th scope="col">Rows</th>
            <th scope="col">PSI term</th>
          </tr>
        </thead>
        <tbody>
          {bins.map((bin) => (
            <tr key={bin.id}>
              <th scope="row">{bin.label}</th>
              <td className="bars" aria-hidden="true">
                <span className="bin-bar" style={{ width: widthOf(bin.reference) }} />
                <span
                  className="bin-bar"
                  data-of="window"
                  style={{ width: widthOf(bin.current) }}
                />
              </td>
              <td>{formatPercent(bin.reference)}</td>
              <td>{formatPercent(bin.current)}</td>
              <td>{formatCount(bin.current_count)}</td>
              <td>{formatNumber(bin.psi_term)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">PSI</th>
            <td colSpan={4}>threshold {formatNumber(feature.threshold)}</td>
            <td>{formatNumber(feature.value)}</td>
          </tr>
        </tfoot>
      </table>
      {unseen.rows > 0 && (
        <Text size="sm">
          {formatCount(unseen.rows)} rows ({formatPercent(unseen.share)}) are of categories that the
          baseline does not have.
        </Text>
      )}
    </>
  );
}
