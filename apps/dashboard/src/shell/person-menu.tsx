import { ActionIcon, Menu } from "@mantine/core";
import { Icon } from "../icon/icon.tsx";
import { useSession, useSessionState } from "../session/session-context.tsx";

export function PersonMenu() {
  const session = useSession();
  const state = useSessionState();
  const name = state.kind === "signed-in" ? state.username : "nobody";
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon
          size={30}
          variant="default"
          aria-label={`Signed in as ${name}`}
          title={`Signed in as ${name}`}
        >
          <Icon name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="dimmed">Signed in as {name}</Menu.Label>
        <Menu.Item onClick={() => void session.signOut()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
