/**
 * Writes the report as the one comment of a pull request that carries our mark: the first time a new one, later the same one
 * anew. Plain Node without packages, so that the action needs no installation of its own.
 *
 * A token that may not write, as pull requests from forks have, is told as a warning and fails nothing: the verdict is the
 * run's, and the report is in the summary of the job and in the evidence.
 */
import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/** Characters of a comment that GitHub takes at most. */
const LONGEST_COMMENT = 65_536;
const COMMENTS_OF_A_PAGE = 100;
const MOST_PAGES = 30;
const TIMEOUT_MS = 20_000;

/**
 * @param env of the action's step
 * @param say where warnings and results go
 * @returns 0 done or not needed, 1 the API failed
 */
export async function postComment(env, say = console.log) {
  const pull = pullRequestOf(env.GITHUB_EVENT_PATH);
  if (pull === undefined) {
    say("no pull request: no comment");
    return 0;
  }
  const report = env.SCOUTER_CI_REPORT ?? "";
  if (!existsSync(report)) {
    say(`::warning::no report at ${report}: no comment`);
    return 0;
  }
  const mark = `<!-- scouter:${(env.SCOUTER_CI_KEY || "scouter").replaceAll(/[^\w.-]/g, "-")} -->`;
  const body = commentOf(readFileSync(report, "utf8"), mark, runLink(env));
  const api = apiOf(env);
  const comments = `/repos/${env.GITHUB_REPOSITORY}/issues/${String(pull)}/comments`;
  try {
    const own = await findOwn(api, comments, mark);
    const saved =
      own === undefined
        ? await api("POST", comments, { body })
        : await api("PATCH", `/repos/${env.GITHUB_REPOSITORY}/issues/comments/${String(own)}`, {
            body,
          });
    say(`${own === undefined ? "wrote" : "updated"} ${saved.html_url ?? "the comment"}`);
    return 0;
  } catch (error) {
    if (error.status === 401 || error.status === 403 || error.status === 404) {
      say(
        `::warning::the token may not write comments (${String(error.status)}); see the job's summary`,
      );
      return 0;
    }
    say(`::error::the comment was not written: ${error.message}`);
    return 1;
  }
}

function pullRequestOf(eventPath) {
  if (eventPath === undefined || !existsSync(eventPath)) return undefined;
  const event = JSON.parse(readFileSync(eventPath, "utf8"));
  const number = event.pull_request?.number;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** The mark comes first, so that a cut never takes it. */
function commentOf(report, mark, link) {
  const tail = link === undefined ? "" : `\n\n[The run and its evidence](${link})`;
  const room = LONGEST_COMMENT - mark.length - tail.length - 100;
  const shown =
    report.length <= room
      ? report
      : `${report.slice(0, room)}\n\n… cut here: the evidence has all of it`;
  return `${mark}\n${shown.trimEnd()}${tail}\n`;
}

function runLink(env) {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}

/** Only comments of ours carry the mark at their beginning; someone who quotes one does not. */
async function findOwn(api, comments, mark) {
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const list = await api(
      "GET",
      `${comments}?per_page=${String(COMMENTS_OF_A_PAGE)}&page=${String(page)}`,
    );
    const own = list.find((comment) => comment.body?.startsWith(mark));
    if (own !== undefined) return own.id;
    if (list.length < COMMENTS_OF_A_PAGE) return undefined;
  }
  return undefined;
}

function apiOf(env) {
  const base = (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, "");
  return async (method, path, body) => {
    const reply = await fetch(base + path, {
      method,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${env.SCOUTER_CI_TOKEN ?? ""}`,
        "content-type": "application/json",
        "x-github-api-version": "2022-11-28",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (reply.ok) return reply.json();
    await reply.arrayBuffer();
    throw Object.assign(new Error(`${method} answered ${String(reply.status)}`), {
      status: reply.status,
    });
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = await postComment(process.env);
}
