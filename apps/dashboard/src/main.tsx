import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Api } from "./api/api.ts";
import { App, createQueries } from "./app.tsx";
import { createAppRouter } from "./router.tsx";
import { Session } from "./session/session.ts";
import { tokenStore } from "./session/token-store.ts";
import "@mantine/core/styles.css";
import "./theme/page.css";

const session = new Session(tokenStore(window.sessionStorage), (path, init) =>
  window.fetch(path, init),
);
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no element 'root'");
createRoot(root).render(
  <StrictMode>
    <App
      session={session}
      api={new Api(session)}
      queries={createQueries()}
      router={createAppRouter()}
    />
  </StrictMode>,
);
