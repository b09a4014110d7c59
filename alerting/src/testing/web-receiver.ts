import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What came in. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What a {@link WebReceiver} does with what came in. */
export type Answer = (response: ServerResponse, request: ReceivedRequest) => void;

/** Behaviours that receivers show in the field. */
export const answers = {
  ok: (response) => response.end('ok'),
  hang: () => undefined,
  reset: (response) => response.socket?.destroy(),
  /** Sends its head and then never stops. */
  endless: (response) => {
    response.writeHead(200);
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384, 'x')));
    };
    response.on('drain', more);
    more();
  },
} as const satisfies Record<string, Answer>;

export const answerWith =
  (status: number, headers: Record<string, string> = {}, body: unknown = ''): Answer =>
  (response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

/** A receiver over HTTP on loopback. */
export class WebReceiver {
  readonly received: ReceivedRequest[] = [];
  answer: Answer = answers.ok;
  /** Connections that were closed by whoever called. */
  closed = 0;
  readonly #server = createServer(async (incoming, response) => {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part);
    const body = Buffer.concat(parts).toString('utf8');
    const request = { path: incoming.url ?? '', headers: incoming.headers, body };
    this.received.push(request);
    response.on('close', () => this.closed++);
    this.answer(response, request);
  });

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
