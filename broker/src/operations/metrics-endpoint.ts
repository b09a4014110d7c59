import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { WatchpostError } from '@watchpost/contracts';
import type { Registry } from 'prom-client';

/** `GET /metrics` on loopback, for Prometheus. */
export class MetricsEndpoint {
  readonly #server: Server;
  readonly #wanted: number;

  constructor(registry: Registry, port: number) {
    this.#wanted = port;
    this.#server = createServer(async (request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
    });
  }

  get port(): number {
    const address = this.#server.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  /** @throws WatchpostError `config.port_taken` */
  async start(): Promise<void> {
    try {
      this.#server.listen(this.#wanted, '127.0.0.1');
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new WatchpostError('config.port_taken', { details: { port: this.#wanted }, cause });
    }
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
