import type { FastifyReply, FastifyRequest } from "fastify";
import { START_PAGE, type DashboardFile, type DashboardFiles } from "./dashboard-files.ts";

/** Sends what a browser asked for; false when the address is none of the dashboard's, and nothing was sent. */
export type DashboardReply = (request: FastifyRequest, reply: FastifyReply) => boolean;

/**
 * Styles may be inline because components set positions and sizes in `style`; scripts may not, and nothing comes from
 * another origin: what an injected text could do is bounded by that.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "object-src 'none'",
].join("; ");

const securityHeaders = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

const A_YEAR_SECONDS = 31_536_000;

const NOT_BUILT: DashboardFile = {
  contentType: "text/html; charset=utf-8",
  body: Buffer.from(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Scouter</title>
<h1>Scouter runs, its dashboard was not built</h1>
<p>Run <code>npm run build</code> in the checkout and start the server again.
The HTTP API is described at <a href="/scouter/api/v1/openapi.json">/scouter/api/v1/openapi.json</a>.</p></html>
`,
  ),
  gzip: undefined,
  immutable: false,
};

/** Answers GET and HEAD: files by their address, the start page for every page that a browser opens. */
export function dashboardReply(files: DashboardFiles): DashboardReply {
  const startPage = files.get(START_PAGE) ?? NOT_BUILT;
  return (request, reply) => {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    const address = request.url.split("?", 1)[0] ?? "";
    const file = files.get(address) ?? (isPage(address, request) ? startPage : undefined);
    if (file === undefined) return false;
    send(file, request, reply);
    return true;
  };
}

/** A page has no extension, lies outside of the API, and is asked for by something that shows pages. */
function isPage(address: string, { headers }: FastifyRequest): boolean {
  if (address === "/") return true;
  const isApi = /^\/(?:scouter|v1|assets)(?:\/|$)/.test(address);
  return !isApi && !/\.[a-z0-9]+$/i.test(address) && /text\/html/.test(headers.accept ?? "");
}

function send(file: DashboardFile, request: FastifyRequest, reply: FastifyReply): void {
  const compressed = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "")
    ? file.gzip
    : undefined;
  const keep = file.immutable ? `public, max-age=${A_YEAR_SECONDS}, immutable` : "no-cache";
  void reply.headers({ ...securityHeaders, "cache-control": keep, vary: "accept-encoding" });
  if (compressed !== undefined) void reply.header("content-encoding", "gzip");
  void reply.code(200).type(file.contentType);
  void reply.send(compressed ?? file.body);
}
