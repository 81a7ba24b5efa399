import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  evalRecord,
  features,
  grpcTransport,
  httpTransport,
  metrics,
  ScouterClient,
  ScouterQueue,
  type ProfileBody,
  type SessionOptions,
  type Transport,
  type WatchingProfile,
} from "@scouter/sdk";
import { guestFetch } from "@scouter/testkit/server-process/guest-fetch";
import {
  startServerProcess,
  type ServerProcess,
} from "@scouter/testkit/server-process/server-process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerProfile } from "./agent-profile.ts";
import { driftProfiles } from "./fake/drift-profiles.ts";

const entry = fileURLToPath(new URL("../src/main.ts", import.meta.url));
let home: string;
let server: ServerProcess;
let profileUid: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "scouter-sdk-delivery-"));
  server = await startServerProcess({ entry, home });
  profileUid = await registerProfile(server.urls.http);
});
afterAll(async () => {
  await server.stop("SIGTERM");
  await rm(home, { recursive: true, force: true });
});

const transports: readonly (readonly [
  name: string,
  open: (session: SessionOptions) => Transport | Promise<Transport>,
])[] = [
  ["http", (session) => httpTransport({ baseUrl: server.urls.http, gzip: true, ...session })],
  ["grpc", (session) => grpcTransport({ target: `127.0.0.1:${server.ports.grpc}`, ...session })],
];

describe.each(transports)("the SDK's queue over %s", (name, open) => {
  const queueOf = (transport: Transport) =>
    new ScouterQueue({ profiles: { answers: { uid: profileUid } }, transport, service: name });

  it.each<[string, SessionOptions]>([
    ["by itself, as guest", {}],
    ["with a name", { username: "admin", password: "admin" }],
    ["again, when its token is refused", { token: "of.another.server", username: "guest" }],
  ])("logs in %s", async (_name, session) => {
    const queue = queueOf(await open(session));
    for (let number = 0; number < 60; number += 1) {
      queue.insert("answers", evalRecord({ context: { answer: "42", number } }));
    }
    const { complete, stats } = await queue.shutdown({ timeoutMs: 60_000 });
    expect({ complete, stats }).toMatchObject({ complete: true, stats: { acknowledged: 60 } });
  });

  it("counts what is refused for want of a login, and does not try again", async () => {
    const queue = queueOf(await open({ username: "guest", password: "wrong" }));
    queue.insert("answers", evalRecord({ context: 1 }));
    const { stats } = await queue.shutdown({ timeoutMs: 60_000 });
    expect(stats.acknowledged).toBe(0);
    expect(Object.values(stats.rejected)).toEqual([1]);
  });

  it("names the items that the server refused", async () => {
    const transport = await open({});
    const profiles = { good: { uid: profileUid }, bad: { uid: "no such profile" } };
    const queue = new ScouterQueue({ profiles, transport });
    queue.insert("good", evalRecord({ context: 1 }));
    queue.insert("bad", evalRecord({ context: 2 }));
    const { stats } = await queue.shutdown({ timeoutMs: 60_000 });
    expect(stats).toMatchObject({ acknowledged: 1, rejected: { SERVER_PROFILE_UNKNOWN: 1 } });
  });

  it("has its account on the server", async () => {
    const reply = await guestFetch(`${server.urls.http}/scouter/v2/delivery/services`);
    const { items } = (await reply.json()) as { items: { service: string; committed: number }[] };
    expect(items.find(({ service }) => service === name)).toMatchObject({ committed: 180 });
    const text = await (await fetch(`${server.urls.metrics}/metrics`)).text();
    expect(text).toContain(`scouter_delivery_items{service="${name}",state="committed"} 180`);
  });
});

it("rows for a model's profiles arrive as the profile's kind has them", async () => {
  const client = new ScouterClient({ baseUrl: server.urls.http });
  const register = async (body: object, driftType: "Psi" | "Spc" | "Custom") => {
    const { uid } = await client.registerProfile(body as ProfileBody, { driftType });
    return { uid, watches: body as WatchingProfile };
  };
  const { Psi, Spc, Custom } = driftProfiles;
  const queue = new ScouterQueue({
    profiles: {
      bins: await register(Psi, "Psi"),
      chart: await register(Spc, "Spc"),
      metric: await register(Custom, "Custom"),
    },
    transport: httpTransport({ baseUrl: server.urls.http }),
  });
  for (let number = 0; number < 100; number += 1) {
    queue.insert("bins", features({ delay: number }));
    queue.insert("chart", features({ delay: number }));
    queue.insert("metric", metrics({ MAE: number }));
  }
  const { stats } = await queue.shutdown({ timeoutMs: 60_000 });
  expect(stats).toMatchObject({ offered: 300, acknowledged: 300, rejected: {} });
});
