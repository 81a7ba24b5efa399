import { CopyButton, Tooltip, UnstyledButton } from "@mantine/core";
import { Icon } from "../../icon/icon.tsx";
import "./evaluations.css";

interface CopiedIdProps {
  readonly id: string;
  /** "uid", "session" */
  readonly what: string;
}

/** An id that a click copies. */
export function CopiedId({ id, what }: CopiedIdProps) {
  return (
    <CopyButton value={id} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : `Copy ${what}`}>
          <UnstyledButton className="copied-id" aria-label={`Copy ${what} ${id}`} onClick={copy}>
            <span className="mono">{id}</span>
            <Icon name={copied ? "ok" : "copy"} sizePx={12} />
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  );
}
