import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A door in front of a server: what goes through it can be held, cut or refused. */
export interface TcpGate {
  readonly port: number;
  /** Keeps what the server says until the promise resolves. */
  holdReplies(until: Promise<void>): void;
  /** Cuts the connection on which the server next says something; the client never hears it. */
  cutAtNextReply(): void;
  /** Cuts every connection and refuses further ones, until `open`. */
  shut(): void;
  open(): void;
  close(): Promise<void>;
}

/** @param port where it stands; default: any free one */
export async function tcpGate(target: { readonly port: number }, port = 0): Promise<TcpGate> {
  const pairs = new Set<{ readonly client: Socket; readonly server: Socket }>();
  let held: Promise<void> | undefined;
  let cutting = false;
  let isShut = false;

  const listener = createServer((client) => {
    if (isShut) return void client.destroy();
    const server = connect(target.port, "127.0.0.1");
    const pair = { client, server };
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) socket.on("error", end).on("close", end);
    client.pipe(server);
    // One chain, so that what was held keeps its order.
    let said = Promise.resolve();
    server.on("data", (chunk) => {
      if (cutting) {
        cutting = false;
        return end();
      }
      const until = held;
      said = said.then(() => until).then(() => void client.write(chunk));
    });
  });
  await new Promise<void>((resolve) => {
    listener.listen(port, "127.0.0.1", resolve);
  });
  const cutAll = () => {
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    port: (listener.address() as AddressInfo).port,
    holdReplies(until) {
      held = until;
      void until.then(() => {
        if (held === until) held = undefined;
      });
    },
    cutAtNextReply() {
      cutting = true;
    },
    shut() {
      isShut = true;
      cutAll();
    },
    open() {
      isShut = false;
    },
    close() {
      return new Promise((closed) => {
        listener.close(() => closed());
        cutAll();
      });
    },
  };
}
