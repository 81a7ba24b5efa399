import {
  connect,
  createServer as createHttp2Server,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** One call as the client made it, and what the server said. */
export interface RecordedCall {
  readonly protocol: "http" | "grpc";
  readonly method: string;
  readonly path: string;
  /** Of HTTP: UTF-8 text. Of gRPC: the frames in base64. */
  readonly body: string;
  /** HTTP status, or gRPC's. */
  readonly status: number;
  /** Of HTTP: UTF-8 text. Of gRPC: the frames in base64. */
  readonly reply: string;
}

export interface Recorder {
  readonly calls: readonly RecordedCall[];
  readonly httpUrl: string;
  readonly grpcUrl: string;
  close(): void;
}

/** Stands between a client and a server, hands everything on unchanged, and keeps what was said. */
export async function startRecorder(target: {
  readonly http: string;
  readonly grpc: string;
}): Promise<Recorder> {
  const calls: RecordedCall[] = [];
  const http = createServer((request, response) => void passHttp(request, response));
  const session = connect(target.grpc);
  const grpc = createHttp2Server();
  grpc.on("stream", (stream, headers) => void passGrpc(session, stream, headers, calls));
  await Promise.all([http, grpc].map((server) => listening(server)));

  async function passHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const body = await buffer(request);
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !HOP.has(name)),
    ) as Record<string, string>;
    const sent = method === "GET" ? {} : { body: new Uint8Array(body) };
    const reply = await fetch(target.http + url, { method, headers, ...sent });
    const text = await reply.text();
    const { status } = reply;
    calls.push({ protocol: "http", method, path: url, body: body.toString(), status, reply: text });
    const renewed = reply.headers.get("authorization");
    response.writeHead(status, {
      "content-type": "application/json",
      ...(renewed === null ? {} : { authorization: renewed }),
    });
    response.end(text);
  }

  return {
    calls,
    httpUrl: urlOf(http.address()),
    grpcUrl: urlOf(grpc.address()),
    close() {
      http.close();
      http.closeAllConnections();
      session.destroy();
      grpc.close();
    },
  };
}

const HOP: ReadonlySet<string> = new Set([
  "host",
  "connection",
  "content-length",
  "transfer-encoding",
]);

async function passGrpc(
  session: ClientHttp2Session,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  calls: RecordedCall[],
): Promise<void> {
  const body = await buffer(stream);
  const { ":authority": _, ...rest } = headers;
  const upstream = session.request(rest);
  upstream.end(body);
  let status = 0;
  let trailers: IncomingHttpHeaders = {};
  const replied = Promise.withResolvers<IncomingHttpHeaders>();
  upstream.on("response", replied.resolve);
  upstream.on("trailers", (given) => (trailers = given));
  const reply = await buffer(upstream);
  const replyHeaders = await replied.promise;
  status = Number(trailers["grpc-status"] ?? replyHeaders["grpc-status"] ?? 0);
  calls.push({
    protocol: "grpc",
    method: "POST",
    path: String(headers[":path"]),
    body: body.toString("base64"),
    status,
    reply: reply.toString("base64"),
  });
  stream.respond(replyHeaders, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(reply);
}

function listening(server: { listen(port: number, host: string, done: () => void): unknown }) {
  return new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
}

function urlOf(address: AddressInfo | string | null): string {
  return `http://127.0.0.1:${(address as AddressInfo).port}`;
}
