import {
  Client,
  credentials,
  Metadata,
  type ClientOptions,
  type ClientDuplexStream,
  type ServiceError,
} from "@grpc/grpc-js";
import { authService } from "@scouter/contracts/grpc";
import {
  rpcPath,
  type MessageOf,
  type ServiceType,
  type UnaryMethodTypes,
} from "@scouter/contracts/protobuf";

const same = (bytes: Buffer) => bytes;

export interface CallResult {
  readonly reply: Buffer;
  /** What came before the reply. */
  readonly metadata: Metadata;
}

/** A client that speaks bytes, over the real protocol. */
export class GrpcTestClient {
  /** Sent with every call that brings no `authorization` of its own. */
  token: string | undefined;
  readonly #client: Client;

  /** @param url `http://<host>:<port>` */
  constructor(url: string, options: ClientOptions = {}) {
    this.#client = new Client(new URL(url).host, credentials.createInsecure(), options);
  }

  /** Rejects with a `ServiceError` when the status is not OK. */
  callBytes(
    path: string,
    request: Uint8Array,
    metadata: Readonly<Record<string, string>> = {},
  ): Promise<CallResult> {
    const sent = new Metadata();
    if (this.token !== undefined) sent.set("authorization", `Bearer ${this.token}`);
    for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
    return new Promise((resolve, reject) => {
      let received = new Metadata();
      const call = this.#client.makeUnaryRequest(
        path,
        same,
        same,
        Buffer.from(request),
        sent,
        (error, reply) => {
          if (error === null && reply !== undefined) resolve({ reply, metadata: received });
          else reject(error ?? new Error("no reply"));
        },
      );
      call.on("metadata", (given) => (received = given));
    });
  }

  /** Sends the token of this user from now on. */
  async logIn(username: string, password: string): Promise<void> {
    this.token = (await this.call(authService, "Login", { username, password })).token;
  }

  async call<Methods extends UnaryMethodTypes, Name extends keyof Methods & string>(
    service: ServiceType<Methods>,
    method: Name,
    request: Partial<MessageOf<Methods[Name]["request"]>>,
  ): Promise<MessageOf<Methods[Name]["reply"]>> {
    const type = service.methods[method];
    if (type === undefined) throw new Error(`no method ${method}`);
    const { reply } = await this.callBytes(
      rpcPath(service.name, method),
      type.request.encode(request),
    );
    return type.reply.decode(reply) as MessageOf<Methods[Name]["reply"]>;
  }

  stream(path: string): ClientDuplexStream<Buffer, Buffer> {
    return this.#client.makeBidiStreamRequest(path, same, same);
  }

  close(): void {
    this.#client.close();
  }
}

export interface FailedCall extends Pick<ServiceError, "details" | "metadata"> {
  readonly code: number;
}

/** The status of a call that should fail; code -1 when it did not. */
export async function statusOfCall(call: Promise<unknown>): Promise<FailedCall> {
  return call.then(
    () => ({ code: -1, details: "the call was answered", metadata: new Metadata() }),
    (error: unknown) => error as ServiceError,
  );
}
