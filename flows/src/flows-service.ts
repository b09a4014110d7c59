import { once } from 'node:events';
import { existsSync, renameSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { WatchpostError } from '@watchpost/contracts/errors';
import nodeRed from 'node-red';
import { type Logger, pino } from 'pino';
import { AlertFeed } from './alert-feed.ts';
import { AlertFeeds } from './alert-feeds.ts';
import { type FlowsConfig, type FlowsOptions, parseFlowsConfig } from './config.ts';
import { changesPalette, secretGuard } from './guard.ts';
import { apiRoot, editorRoot, nodeRedSettings } from './node-red-settings.ts';
import { flowsPolicy } from './policy.ts';
import { ToldFile } from './told-file.ts';
import { prepareUserFolder } from './user-folder.ts';

/** Node-RED, running. */
export interface FlowsService {
  /**
   * On 127.0.0.1; the editor is at `/flows/`, what flows serve at `/flows/api/`, the health at `/healthz`.
   */
  readonly port: number;
  /** Stops flows, connections and the port within two seconds. */
  stop(): Promise<void>;
}

/** The narrower path first. */
const mounts = [
  { root: apiRoot, application: () => nodeRed.httpNode },
  { root: editorRoot, application: () => nodeRed.httpAdmin },
];

/** Node-RED keeps its state in module variables: it starts once in the life of a process. */
let startedBefore = false;

class Flows implements FlowsService {
  readonly #log: Logger;
  #feed: AlertFeeds | undefined;
  readonly #server: Server;
  /** What Node-RED believes to be the server. It never listens: only guarded requests are handed to it. */
  readonly #inner = createServer();
  readonly #connections = new Set<Duplex>();
  #ready = false;
  #stopping: Promise<void> | undefined;

  constructor(config: FlowsConfig, log: Logger) {
    this.#log = log;
    const admitted = secretGuard(config.secret);
    this.#server = createServer((request, response) => {
      if (!admitted(request)) refuse(response);
      else if (!this.#ready) answer(response, 503, { ok: false });
      else this.#inner.emit('request', request, response);
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (admitted(request) && this.#ready) this.#inner.emit('upgrade', request, socket, head);
      else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
    });
    this.#server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
  }

  get port(): number {
    const address = this.#server.address();
    return address && typeof address === 'object' ? address.port : 0;
  }

  async start(config: FlowsConfig): Promise<void> {
    const folder = await prepareUserFolder(config.dataFolder);
    await this.#listen(config.port);
    const feed = new AlertFeeds(
      [config, ...config.otherSites].map(
        ({ site, broker }) =>
          new AlertFeed({
            site,
            broker: withoutUndefined(broker),
            told: new ToldFile(toldPath(folder.path, site, config.otherSites.length === 0)),
            logger: this.#log,
          }),
      ),
    );
    this.#feed = feed;
    nodeRed.init(this.#inner, nodeRedSettings(folder, feed, this.#log));
    feed.start();
    // resolves when nodes are loaded; flows start right after, or not at all when one of their types is
    // missing
    await nodeRed.start();
    // Not earlier: what is deployed before the stored flows are read would be lost.
    this.#inner.on('request', (request, response) => this.#dispatch(request, response));
    this.#ready = true;
    this.#log.info({ port: this.port }, 'flows run');
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stopOnce();
    return this.#stopping;
  }

  async #listen(port: number): Promise<void> {
    try {
      this.#server.listen(port, '127.0.0.1');
      await once(this.#server, 'listening');
    } catch (cause) {
      throw new WatchpostError('config.port_taken', { details: { port }, cause });
    }
  }

  /**
   * Hands requests to Node-RED’s two applications as if they were mounted. Not done with Express: the version
   * that Node-RED brings loses `req.query` and its `http in` node when it is mounted in a newer one.
   */
  #dispatch(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    const path = url.split('?', 1)[0] ?? '/';
    const mounted = mounts.find(({ root }) => path === root || path.startsWith(`${root}/`));
    if (path === '/healthz') answer(response, 200, { ok: true, broker: this.#feed?.state ?? 'connecting' });
    else if (changesPalette(request.method, path)) refuse(response);
    else if (!mounted) answer(response, 404, { error: { code: 'api.not_found' } });
    else {
      const rest = url.slice(mounted.root.length);
      const inside = {
        baseUrl: mounted.root,
        originalUrl: url,
        url: rest.startsWith('/') ? rest : `/${rest}`,
      };
      mounted.application()(Object.assign(request, inside), response);
    }
  }

  async #stopOnce(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // A node that never says that it is closed must not hold up the rest (Node-RED itself waits 15 s for it).
    const limit = new Promise<void>((resolve) => setTimeout(resolve, flowsPolicy.stopMs).unref());
    await Promise.race([Promise.allSettled([nodeRed.stop(), this.#feed?.stop()]), limit]);
    for (const connection of this.#connections) connection.destroy();
    await closed;
    this.#log.info('flows stopped');
  }
}

/** A file for each site. Before there were several it had none in its name. */
function toldPath(folder: string, site: string, isOnly: boolean): string {
  const path = join(folder, `told-alerts-${site}.jsonl`);
  const before = join(folder, 'told-alerts.jsonl');
  if (isOnly && existsSync(before) && !existsSync(path)) renameSync(before, path);
  return path;
}

const withoutUndefined = (broker: FlowsConfig['broker']) => ({
  url: broker.url,
  ...(broker.username === undefined ? {} : { username: broker.username }),
  ...(broker.password === undefined ? {} : { password: broker.password }),
});

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(response: ServerResponse): void {
  answer(response, 403, { error: { code: 'api.forbidden' } });
}

/**
 * Starts Node-RED behind the secret of the log-in. Once per process.
 * @throws WatchpostError `config.invalid`, `config.port_taken` or `config.data_folder`.
 */
export async function startFlows(options: FlowsOptions): Promise<FlowsService> {
  const { logger, ...rest } = options;
  const config = parseFlowsConfig(rest);
  if (startedBefore) throw new Error('Node-RED can be started once per process');
  startedBefore = true;
  const flows = new Flows(config, logger ?? pino({ level: 'silent' }));
  try {
    await flows.start(config);
  } catch (error) {
    await flows.stop();
    throw error;
  }
  return flows;
}
