import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useEffect, useState } from "react";
import { ApiError } from "../api/api-error.ts";
import { useSession } from "./session-context.tsx";

interface SignInPageProps {
  /** The well-known user of a private server. */
  readonly guest: string | undefined;
}

/** Shown in place of any page; the address stays, so the person lands where the link led. */
export function SignInPage({ guest }: SignInPageProps) {
  const session = useSession();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  useEffect(() => {
    document.title = "Sign in · Scouter";
  }, []);

  const signIn = async (name: string, secret: string) => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await session.signIn(name, secret);
    } catch (error) {
      setIsBusy(false);
      setProblem(problemText(error));
    }
  };
  return (
    <main className="sign-in">
      <Paper withBorder p="xl" w={360} bg="var(--surface-raised)">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void signIn(username, password);
          }}
        >
          <Stack>
            <Title order={1}>Sign in to Scouter</Title>
            {problem !== undefined && (
              <Alert color="red" variant="outline" role="alert">
                {problem}
              </Alert>
            )}
            <TextInput
              label="User name"
              autoComplete="username"
              required
              withAsterisk={false}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
            />
            <Button type="submit" loading={isBusy}>
              Sign in
            </Button>
            {guest !== undefined && (
              <>
                <Button
                  variant="default"
                  disabled={isBusy}
                  onClick={() => void signIn(guest, guest)}
                >
                  Continue as {guest}
                </Button>
                <Text size="xs" c="dimmed">
                  Only this machine reaches this server, so nobody needs a password.
                </Text>
              </>
            )}
          </Stack>
        </form>
      </Paper>
    </main>
  );
}

function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error);
  return error.remedy === undefined ? error.message : `${error.message}: ${error.remedy}`;
}
