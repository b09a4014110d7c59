import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { NodeRed } from 'node-red';
import { type Logger, pino } from 'pino';
import { type FlowsConfig, type FlowsOptions, parseFlowsConfig } from './config.ts';
import { changesPalette, secretGuard } from './guard.ts';
import { flowsPolicy } from './policy.ts';
import { apiRoot, editorRoot } from './roots.ts';
import type { RunningFlows } from './running-flows.ts';
import { prepareUserFolder, type UserFolder } from './user-folder.ts';

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
  { root: apiRoot, application: (nodeRed: NodeRed) => nodeRed.httpNode },
  { root: editorRoot, application: (nodeRed: NodeRed) => nodeRed.httpAdmin },
];

/** Node-RED keeps its state in module variables: it starts once in the life of a process. */
let startedBefore = false;

/**
 * The door of Node-RED, and Node-RED behind it. Where nobody has deployed a flow yet, it is loaded when
 * somebody first comes to the door: it takes a hundred megabytes.
 */
class Flows implements FlowsService {
  readonly #config: FlowsConfig;
  readonly #log: Logger;
  #flows: RunningFlows | undefined;
  readonly #server: Server;
  /** What Node-RED believes to be the server. It never listens: only guarded requests are handed to it. */
  readonly #inner = createServer();
  readonly #connections = new Set<Duplex>();
  #folder: UserFolder | undefined;
  #running: Promise<NodeRed> | undefined;
  #stopping: Promise<void> | undefined;

  constructor(config: FlowsConfig, log: Logger) {
    this.#config = config;
    this.#log = log;
    const admitted = secretGuard(config.secret);
    this.#server = createServer((request, response) => {
      if (admitted(request)) this.#dispatch(request, response);
      else refuse(response);
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (admitted(request)) this.#whenRunning(() => this.#inner.emit('upgrade', request, socket, head));
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

  async start(): Promise<void> {
    const folder = await prepareUserFolder(this.#config.dataFolder);
    this.#folder = folder;
    await this.#listen(this.#config.port);
    if (folder.hasOwnFlows) await this.#run(folder);
    else this.#log.info({ port: this.port }, 'flows wait for somebody');
  }

  /** Settles when Node-RED runs; loads it where it does not. */
  #run(folder: UserFolder): Promise<NodeRed> {
    this.#running ??= this.#load(folder);
    return this.#running;
  }

  async #load(folder: UserFolder): Promise<NodeRed> {
    // Only here: with it come the client of MQTT and the schemas of alerts.
    const { RunningFlows } = await import('./running-flows.ts');
    const flows = new RunningFlows(this.#config, folder, this.#log);
    this.#flows = flows;
    const nodeRed = await flows.start(this.#inner);
    this.#log.info({ port: this.port }, 'flows run');
    return nodeRed;
  }

  /**
   * What is deployed before the stored flows are read would be lost: nothing is handed over earlier. A
   * Node-RED that cannot be loaded ends the process; whoever started it starts it again.
   */
  #whenRunning(then: (nodeRed: NodeRed) => void): void {
    if (!this.#folder || this.#stopping) return;
    const fail = (error: unknown) => {
      if (!this.#stopping) throw error;
    };
    this.#run(this.#folder).then(then).catch(fail);
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
    if (path === '/healthz')
      answer(response, 200, { ok: true, broker: this.#flows?.brokerState ?? 'not_needed' });
    else if (changesPalette(request.method, path)) refuse(response);
    else if (!mounted) answer(response, 404, { error: { code: 'api.not_found' } });
    else {
      const rest = url.slice(mounted.root.length);
      const inside = {
        baseUrl: mounted.root,
        originalUrl: url,
        url: rest.startsWith('/') ? rest : `/${rest}`,
      };
      this.#whenRunning((nodeRed) => {
        mounted.application(nodeRed)(Object.assign(request, inside), response);
      });
    }
  }

  async #stopOnce(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // A node that never says that it is closed must not hold up the rest (Node-RED itself waits 15 s for it).
    const limit = new Promise<void>((resolve) => setTimeout(resolve, flowsPolicy.stopMs).unref());
    await Promise.race([this.#flows?.stop(), limit]);
    for (const connection of this.#connections) connection.destroy();
    await closed;
    this.#log.info('flows stopped');
  }
}

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
    await flows.start();
  } catch (error) {
    await flows.stop();
    throw error;
  }
  return flows;
}
