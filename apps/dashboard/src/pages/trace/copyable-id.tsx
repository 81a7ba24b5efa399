import { CopyButton } from "@mantine/core";
import { Icon } from "../../icon/icon.tsx";

interface CopyableIdProps {
  readonly id: string;
  /** "trace id" */
  readonly what: string;
}

/** An id that a click copies. */
export function CopyableId({ id, what }: CopyableIdProps) {
  return (
    <CopyButton value={id} timeout={1500}>
      {({ copied, copy }) => (
        <button
          type="button"
          className="copyable-id mono"
          title={copied ? "Copied" : `Copy ${what}`}
          aria-label={copied ? "Copied" : `Copy ${what} ${id}`}
          onClick={copy}
        >
          {id}
          <Icon name={copied ? "ok" : "copy"} sizePx={12} />
        </button>
      )}
    </CopyButton>
  );
}
