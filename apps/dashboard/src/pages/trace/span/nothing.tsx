import { Text } from "@mantine/core";
import type { ReactNode } from "react";

/** A tab without content. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed" py="sm">
      {children}
    </Text>
  );
}
