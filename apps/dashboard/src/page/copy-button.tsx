import { ActionIcon, CopyButton as Copy, Tooltip } from "@mantine/core";
import { Icon } from "../icon/icon.tsx";

interface CopyButtonProps {
  readonly text: string;
  readonly label?: string;
}

export function CopyButton({ text, label = "Copy" }: CopyButtonProps) {
  return (
    <Copy value={text} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? "Copied" : label}>
          <ActionIcon variant="default" aria-label={copied ? "Copied" : label} onClick={copy}>
            <Icon name={copied ? "ok" : "copy"} />
          </ActionIcon>
        </Tooltip>
      )}
    </Copy>
  );
}
