import { createServer, type Server } from 'node:http';
import type { Registry } from 'prom-client';
import { httpServerOptions, limitConnections, listenHttp } from './http-server.ts';
import { metricsPolicy } from './policy.ts';

/** `GET /metrics` on loopback, for Prometheus. */
export class MetricsEndpoint {
  readonly #server: Server;
  readonly #wanted: number;

  constructor(registry: Registry, port: number) {
    this.#wanted = port;
    this.#server = createServer(httpServerOptions(), async (request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
    });
    limitConnections(this.#server, { connections: metricsPolicy.scrapersAtMost });
  }

  get port(): number {
    const address = this.#server.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  /** @throws WatchpostError `config.port_taken` */
  async start(): Promise<void> {
    await listenHttp(this.#server, { host: '127.0.0.1', port: this.#wanted }, '/metricsPort');
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
