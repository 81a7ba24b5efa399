import { Icon, type IconName } from "../icon/icon.tsx";
import "./figure.css";

/** What something is like; each has a word and a shape, so that colour is never the only sign. */
export type Status =
  | "ok"
  | "warning"
  | "alert"
  | "failed"
  | "running"
  | "pending"
  | "skipped"
  | "no-data"
  | "too-few"
  | "inactive";

interface Look {
  readonly word: string;
  readonly icon: IconName;
  readonly tone: "ok" | "warning" | "alert" | "neutral" | "active";
}

const looks: Readonly<Record<Status, Look>> = {
  ok: { word: "OK", icon: "ok", tone: "ok" },
  warning: { word: "Warning", icon: "warning", tone: "warning" },
  alert: { word: "Alert", icon: "alert", tone: "alert" },
  failed: { word: "Failed", icon: "failed", tone: "alert" },
  running: { word: "Running", icon: "running", tone: "active" },
  pending: { word: "Pending", icon: "running", tone: "neutral" },
  skipped: { word: "Skipped", icon: "skipped", tone: "neutral" },
  "no-data": { word: "No data", icon: "none", tone: "neutral" },
  "too-few": { word: "Too few", icon: "few", tone: "neutral" },
  inactive: { word: "Off", icon: "none", tone: "neutral" },
};

interface StatusChipProps {
  readonly status: Status;
  /** In place of the usual word: "3 drifted". */
  readonly word?: string;
}

export function StatusChip({ status, word }: StatusChipProps) {
  const look = looks[status];
  return (
    <span className="status-chip" data-tone={look.tone}>
      <Icon name={look.icon} sizePx={12} />
      {word ?? look.word}
    </span>
  );
}
