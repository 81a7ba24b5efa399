import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useSession, useSessionState } from "./session-context.tsx";
import { SignInPage } from "./sign-in-page.tsx";

/** The app for whoever is signed in, the sign-in for everybody else. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const session = useSession();
  const state = useSessionState();
  const client = useQueryClient();
  const [hasBegun, setHasBegun] = useState(false);
  useEffect(() => {
    void session.begin().then(() => setHasBegun(true));
  }, [session]);
  // Nothing that one person may see stays for the next.
  const isOut = state.kind === "signed-out";
  useEffect(() => {
    if (isOut) client.clear();
  }, [client, isOut]);

  if (state.kind === "signed-in") return children;
  return hasBegun ? <SignInPage guest={state.guest} /> : undefined;
}
