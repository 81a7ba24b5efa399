import type { CellStatus } from "@scouter/contracts";
import { Icon, type IconName } from "../../../icon/icon.tsx";

const icons: Readonly<Record<CellStatus, IconName>> = {
  ok: "ok",
  alert: "alert",
  no_data: "none",
  too_few_samples: "few",
  failed: "failed",
  pending: "running",
  skipped: "skipped",
};

/** Shape and colour of a status; undefined where the window did not look at the feature. */
export function CellMark({ status }: { readonly status: CellStatus | undefined }) {
  return (
    <span className="cell-mark" data-status={status} aria-hidden="true">
      {status !== undefined && <Icon name={icons[status]} sizePx={11} />}
    </span>
  );
}
