import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import { backoffMs, httpServerOptions, limitConnections, listenHttp } from '@watchpost/service';
import type { Logger } from 'pino';
import type { GatewayClock } from '../../clock/gateway-clock.ts';
import { readSecretText } from '../../storage/secret-place.ts';
import { hookPolicy } from '../policy.ts';
import type { HookMemory } from './hook-memory.ts';
import { judgeHook } from './hook-signature.ts';

/** A device that calls. */
export interface HookTarget {
  readonly device: string;
  /** Name of the secret with the key of its signatures. */
  readonly key: string;
  /** The gateway listens. */
  up(): void;
  /** It does not. */
  lost(error: ErrorCode): void;
  /** A message in the device’s name was refused. */
  refused(error: ErrorCode): void;
  /** @returns whether the message was understood */
  message(body: Uint8Array): boolean;
}

export interface HookListenerOptions {
  /** Asked each time that it begins to listen. */
  readonly place: () => { readonly address: string; readonly port: number };
  readonly clock: Pick<GatewayClock, 'nowMs' | 'isUnknown'>;
  readonly log: Logger;
  readonly fileOf: (secret: string) => string;
  /** Opened with the first device. */
  readonly openMemory: () => HookMemory;
  /** A message was refused that is of no device. */
  readonly onStray: (error: WatchpostError) => void;
}

/**
 * The one door for devices that call: listens while there is a device that may, and tries again when it
 * cannot, for ever, with growing pauses.
 */
export class HookListener {
  readonly #options: HookListenerOptions;
  readonly #targets = new Map<string, HookTarget>();
  #server: Server | null = null;
  #memory: HookMemory | null = null;
  #retry: NodeJS.Timeout | undefined;
  #attempt = 0;
  #port: number | null = null;

  constructor(options: HookListenerOptions) {
    this.#options = options;
  }

  /** Where it listens; null while it does not. */
  get port(): number | null {
    return this.#port;
  }

  /** Takes messages of a device; what is given ends that, and settles when nothing of it is left open. */
  listen(target: HookTarget): () => Promise<void> {
    this.#targets.set(target.device, target);
    if (this.#server === null) this.#open();
    else if (this.#port !== null) target.up();
    return async () => {
      if (this.#targets.get(target.device) !== target) return;
      this.#targets.delete(target.device);
      if (this.#targets.size === 0) await this.#close();
    };
  }

  #open(): void {
    const server = createServer(httpServerOptions(hookPolicy.server), (request, response) => {
      this.#take(request, response).catch((error: unknown) => {
        this.#options.log.error({ err: error }, 'message of a device could not be taken');
        response.destroy();
      });
    });
    limitConnections(server, hookPolicy.server);
    this.#server = server;
    const { address: host, port } = this.#options.place();
    listenHttp(server, { host, port }, '/hooks/port').then(
      (listening) => {
        if (this.#server !== server) return;
        this.#attempt = 0;
        this.#port = listening;
        for (const target of this.#targets.values()) target.up();
      },
      (error: unknown) => {
        if (this.#server !== server) return;
        const { firstMs, maxMs } = hookPolicy.retry;
        const retryInMs = backoffMs(this.#attempt++, firstMs, maxMs, Math.random());
        this.#options.log.warn({ err: error, retryInMs }, 'cannot listen for devices');
        for (const target of this.#targets.values()) target.lost('edge.hook_listener');
        this.#retry = setTimeout(() => this.#open(), retryInMs);
      },
    );
  }

  async #close(): Promise<void> {
    clearTimeout(this.#retry);
    const [server, memory] = [this.#server, this.#memory];
    this.#server = this.#memory = this.#port = null;
    await new Promise<void>((resolve) => {
      if (!server?.listening) return resolve();
      server.close(() => resolve());
      server.closeAllConnections();
    });
    memory?.close();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const name = /^\/hook\/([A-Za-z0-9_-]{1,64})$/.exec(request.url ?? '')?.[1];
    const target = request.method === 'POST' && name !== undefined ? this.#targets.get(name) : undefined;
    const body = target && (await bodyOf(request));
    const error = !target
      ? 'edge.hook_unknown'
      : body
        ? this.#judge(target, request, body)
        : 'edge.hook_too_large';
    if (error === null) {
      response.writeHead(204).end();
      return;
    }
    // What is unreadable was counted where it was read.
    if (!target) this.#options.onStray(new WatchpostError(error, { path: `/hook/${name ?? ''}` }));
    else if (error !== 'edge.reading_unreadable') target.refused(error);
    const { status, summary } = errorRegistry[error];
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify({ code: error, message: summary }));
  }

  /** @returns why the message is refused; null when it was taken */
  #judge(target: HookTarget, { headers }: IncomingMessage, body: Uint8Array): ErrorCode | null {
    const { clock, fileOf } = this.#options;
    let key: string;
    try {
      key = readSecretText(fileOf(target.key));
    } catch {
      return 'config.secret_file';
    }
    if (key.length < hookPolicy.keyChars) return 'config.secret_file';
    const verdict = judgeHook(
      {
        time: headerOf(headers, 'watchpost-time'),
        signature: headerOf(headers, 'watchpost-signature'),
        body,
      },
      key,
      clock.isUnknown ? null : clock.nowMs(),
    );
    if ('error' in verdict) return verdict.error;
    this.#memory ??= this.#options.openMemory();
    const memory = this.#memory.remember(target.device, verdict.id, verdict.timeMs, clock.nowMs());
    if (memory === 'taken') return 'edge.hook_repeated';
    if (memory === 'full') return 'edge.hook_flood';
    return target.message(body) ? null : 'edge.reading_unreadable';
  }
}

function headerOf(headers: IncomingMessage['headers'], name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** null when it is too large; the rest of it is then read and thrown away, so that the answer arrives. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > hookPolicy.server.bodyBytes) {
      request.resume();
      return null;
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
