import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { postComment } from "./post-comment.mjs";

let folder;
let server;
/** The comments of pull request 7, as GitHub keeps them. */
let comments;
let refusal;
let said;
let env;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "scouter-comment-"));
  writeFileSync(join(folder, "event.json"), JSON.stringify({ pull_request: { number: 7 } }));
  writeFileSync(join(folder, "report.md"), "### Regression\n\n- it fell\n");
  comments = [];
  refusal = undefined;
  said = [];
  server = createServer((request, response) => void answer(request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  env = {
    GITHUB_API_URL: `http://127.0.0.1:${String(server.address().port)}/`,
    GITHUB_EVENT_PATH: join(folder, "event.json"),
    GITHUB_REPOSITORY: "team/agent",
    GITHUB_SERVER_URL: "https://git.example",
    GITHUB_RUN_ID: "55",
    SCOUTER_CI_TOKEN: "secret",
    SCOUTER_CI_REPORT: join(folder, "report.md"),
  };
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

/** The part of GitHub's API that is used, pages included. */
async function answer(request, response) {
  const url = new URL(request.url, "http://host");
  const send = (status, body) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  if (request.headers.authorization !== "Bearer secret") return send(401, {});
  if (refusal !== undefined) return send(refusal, { message: "secret words of the provider" });
  const list = "/repos/team/agent/issues/7/comments";
  if (request.method === "GET" && url.pathname === list) {
    const [size, page] = ["per_page", "page"].map((name) => Number(url.searchParams.get(name)));
    return send(200, comments.slice((page - 1) * size, page * size));
  }
  const { body } = await json(request);
  if (body.length > 65_536) return send(422, { message: "too long" });
  if (request.method === "POST" && url.pathname === list) {
    const made = { id: comments.length + 1, body, html_url: "https://git.example/c" };
    comments.push(made);
    return send(201, made);
  }
  const id = Number(/^\/repos\/team\/agent\/issues\/comments\/(\d+)$/.exec(url.pathname)?.[1]);
  const own = comments.find((comment) => comment.id === id);
  if (request.method !== "PATCH" || own === undefined) return send(404, {});
  own.body = body;
  return send(200, own);
}

const post = (more = {}) => postComment({ ...env, ...more }, (line) => said.push(line));

describe("postComment", () => {
  it("writes one comment and updates it from then on", async () => {
    comments.push({ id: 1, body: "looks good" });
    expect(await post()).toBe(0);
    expect(comments).toHaveLength(2);
    expect(comments[1].body).toBe(
      "<!-- scouter:scouter -->\n### Regression\n\n- it fell\n\n[The run and its evidence](https://git.example/team/agent/actions/runs/55)\n",
    );
    writeFileSync(env.SCOUTER_CI_REPORT, "### No regression found\n");
    expect(await post()).toBe(0);
    expect(comments).toHaveLength(2);
    expect(comments[1].body).toContain("No regression found");
    expect(said[1]).toContain("updated");
  });

  it("finds its comment behind hundreds of others, and takes no quoted one for its own", async () => {
    comments = Array.from({ length: 205 }, (_, index) => ({ id: index + 1, body: "talk" }));
    comments[3].body = "> <!-- scouter:scouter -->\n> ### Regression";
    comments[204].body = "<!-- scouter:scouter -->\nold";
    await post();
    expect(comments).toHaveLength(205);
    expect(comments[204].body).toContain("it fell");
    expect(comments[3].body).toContain("> ###");
  });

  it("keeps suites apart by their key, which cannot end the mark", async () => {
    await post({ SCOUTER_CI_KEY: "billing" });
    await post({ SCOUTER_CI_KEY: "x --> [y]" });
    expect(comments.map(({ body }) => body.split("\n")[0])).toEqual([
      "<!-- scouter:billing -->",
      "<!-- scouter:x------y- -->",
    ]);
  });

  it("cuts what is longer than GitHub takes", async () => {
    writeFileSync(env.SCOUTER_CI_REPORT, "line\n".repeat(40_000));
    expect(await post()).toBe(0);
    expect(comments[0].body).toContain("… cut here");
    expect(comments[0].body).toContain("The run and its evidence");
  });

  it.each([401, 403, 404])(
    "does not fail a build for a token that may not write: %i",
    async (status) => {
      refusal = status;
      expect(await post()).toBe(0);
      expect(said[0]).toContain(`::warning::the token may not write comments (${String(status)})`);
    },
  );

  it("tells a fault of the API, without its words", async () => {
    refusal = 500;
    expect(await post()).toBe(1);
    expect(said[0]).toBe("::error::the comment was not written: GET answered 500");
  });

  it("does nothing outside of pull requests, and without a report", async () => {
    writeFileSync(env.GITHUB_EVENT_PATH, JSON.stringify({ schedule: "0 3 * * *" }));
    expect(await post()).toBe(0);
    expect(await post({ GITHUB_EVENT_PATH: join(folder, "none.json") })).toBe(0);
    writeFileSync(env.GITHUB_EVENT_PATH, JSON.stringify({ pull_request: { number: 7 } }));
    expect(await post({ SCOUTER_CI_REPORT: join(folder, "none.md") })).toBe(0);
    expect(comments).toEqual([]);
    expect(said).toEqual([
      "no pull request: no comment",
      "no pull request: no comment",
      expect.stringContaining("::warning::no report"),
    ]);
  });
});

describe("run-suite.sh", () => {
  const script = fileURLToPath(new URL("run-suite.sh", import.meta.url));

  it.each([
    [
      {
        SCOUTER_CI_AGENT: "./agent.ts#fn",
        SCOUTER_CI_BASELINE: "main@server",
        SCOUTER_CI_ARGUMENTS: "--repeat 3 --gate $(touch${IFS}pwned)",
      },
      1,
      [
        "--agent",
        "./agent.ts#fn",
        "--baseline",
        "main@server",
        "--repeat",
        "3",
        "--gate",
        "$(touch${IFS}pwned)",
      ],
    ],
    [{}, 0, []],
  ])("passes words on and tells the exit code: %#", async (more, code, further) => {
    const fake = join(folder, "scouter");
    writeFileSync(
      fake,
      `#!/bin/sh\nprintf '%s\\n' "$@" > "${folder}/words"\nmkdir -p evidence && echo report > evidence/report.md\nexit ${String(code)}\n`,
    );
    chmodSync(fake, 0o755);
    const child = spawn("bash", [script], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        SCOUTER_CI_SUITE: "suite of mine.yaml",
        SCOUTER_CI_COMMAND: fake,
        SCOUTER_CI_OUT: "evidence",
        GITHUB_OUTPUT: join(folder, "output"),
        GITHUB_STEP_SUMMARY: join(folder, "summary"),
        ...more,
      },
    });
    const [status] = await once(child, "exit");
    expect(status).toBe(0);
    const words = readFileSync(join(folder, "words"), "utf8").trim().split("\n");
    expect(words.slice(0, 3)).toEqual(["eval", "run", "suite of mine.yaml"]);
    expect(words.slice(7)).toEqual(further);
    expect(readFileSync(join(folder, "output"), "utf8")).toBe(`exit-code=${String(code)}\n`);
    expect(readFileSync(join(folder, "summary"), "utf8")).toBe("report\n");
  });
});
