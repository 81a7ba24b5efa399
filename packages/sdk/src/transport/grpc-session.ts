import { authService, GRPC_SUCCESS } from "@scouter/contracts/grpc";
import {
  loginCredentials,
  type LoginCredentials,
  type SessionOptions,
} from "../client/server-session.ts";
import type { CallReply, UnaryCall } from "./unary-call.ts";

type AuthorizationHeader = Readonly<Record<string, string>>;

const UNAUTHENTICATED = 16;
const LOGIN = `/${authService.name}/Login`;

/**
 * The login behind a gRPC transport: none until the server asks for one, then one for all calls that wait. A token that
 * the server renews in an answer replaces the old one; one that it refuses is replaced by a new login.
 */
export class GrpcSession {
  readonly #call: UnaryCall;
  readonly #credentials: LoginCredentials | undefined;
  #token: string | undefined;
  #login: Promise<string | CallReply> | undefined;

  /** @throws SDK_CREDENTIALS_INVALID */
  constructor(options: SessionOptions, call: UnaryCall) {
    this.#call = call;
    this.#token = options.token;
    this.#credentials = loginCredentials(options);
  }

  /** One call, and a second one after a login when the first was refused for want of one. */
  async exchange(send: (header: AuthorizationHeader) => Promise<CallReply>): Promise<CallReply> {
    const used = this.#token;
    const reply = await this.#attempt(send);
    const wantsLogin = reply.kind === "failed" && reply.status === UNAUTHENTICATED;
    if (!wantsLogin || this.#credentials === undefined) return reply;
    // Another call may have logged in meanwhile.
    if (this.#token === used) {
      const login = await this.#loggedIn(this.#credentials);
      if (typeof login !== "string") return login;
    }
    return this.#attempt(send);
  }

  async #attempt(send: (header: AuthorizationHeader) => Promise<CallReply>): Promise<CallReply> {
    const reply = await send(
      this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` },
    );
    if (reply.kind === "answered") this.#token = reply.renewedToken ?? this.#token;
    return reply;
  }

  #loggedIn(credentials: LoginCredentials): Promise<string | CallReply> {
    this.#login ??= this.#logIn(credentials).finally(() => {
      this.#login = undefined;
    });
    return this.#login;
  }

  async #logIn({ username, password }: LoginCredentials): Promise<string | CallReply> {
    const { request, reply: replyType } = authService.methods.Login;
    const reply = await this.#call(LOGIN, request.encode({ username, password }), {});
    if (reply.kind === "failed") return reply;
    const { token, status, message } = replyType.decode(reply.bytes);
    if (status !== GRPC_SUCCESS || token === "") {
      const refused = { kind: "failed", status: UNAUTHENTICATED, code: undefined } as const;
      return { ...refused, message, details: undefined };
    }
    this.#token = token;
    return token;
  }
}
