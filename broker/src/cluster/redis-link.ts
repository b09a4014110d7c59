import { readFile, stat } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { Redis, type RedisOptions } from 'ioredis';
import { redisPolicy } from './policy.ts';
import { redisScripts, type ScriptName } from './redis-scripts.ts';

/** Where the Redis of a cluster is. */
export interface RedisPlace {
  readonly url: string;
  readonly passwordFile?: string | undefined;
  readonly caFile?: string | undefined;
  readonly prefix: string;
}

export interface RedisLinkEvents {
  /** Both connections are there and the scripts are loaded. */
  up(): void;
  down(): void;
}

/**
 * Two connections to Redis, one for commands and one that waits for the bus. They come back by themselves;
 * meanwhile every command fails at once, because what is not handed over must not be acknowledged.
 */
export class RedisLink {
  readonly #place: RedisPlace;
  readonly #events: RedisLinkEvents;
  readonly #hashes = new Map<ScriptName, string>();
  #commands: Redis | undefined;
  #bus: Redis | undefined;
  #isUp = false;
  #stopped = false;

  constructor(place: RedisPlace, events: RedisLinkEvents) {
    this.#place = place;
    this.#events = events;
  }

  get isUp(): boolean {
    return this.#isUp;
  }

  /**
   * @throws WatchpostError `config.invalid` for a file that cannot be used. An absent Redis is waited for.
   */
  async start(): Promise<void> {
    const options = await connectionOptions(this.#place);
    const connect = () => {
      const redis = new Redis(this.#place.url, options);
      redis.on('error', () => undefined); // told by `down`; the text could hold the address with its user
      redis.on('close', () => this.#down());
      redis.on('ready', () => void this.#ready());
      return redis;
    };
    this.#commands = connect();
    this.#bus = connect();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#isUp = false;
    for (const redis of [this.#commands, this.#bus]) redis?.disconnect();
  }

  /** Runs a script; its answer has bytes where Redis has strings. */
  run(script: ScriptName, ...args: (string | number | Buffer)[]): Promise<unknown> {
    const hash = this.#hashes.get(script);
    if (!this.#isUp || !this.#commands || hash === undefined) return Promise.reject(unavailable());
    return this.#commands.callBuffer('EVALSHA', [hash, 0, this.#place.prefix, ...args]);
  }

  /** One command with a key of ours. */
  command(name: string, key: string, ...args: (string | number)[]): Promise<unknown> {
    if (!this.#isUp || !this.#commands) return Promise.reject(unavailable());
    return this.#commands.callBuffer(name, [this.#place.prefix + key, ...args]);
  }

  /** What comes after `id` on the bus; waits for it, for a while. */
  async readBus(id: string, count: number): Promise<unknown> {
    if (!this.#isUp || !this.#bus) throw unavailable();
    return await this.#bus.callBuffer('XREAD', [
      'COUNT',
      count,
      'BLOCK',
      redisPolicy.busWaitMs,
      'STREAMS',
      `${this.#place.prefix}bus`,
      id,
    ]);
  }

  async #ready(): Promise<void> {
    const [commands, bus] = [this.#commands, this.#bus];
    if (this.#stopped || commands?.status !== 'ready' || bus?.status !== 'ready') return;
    try {
      for (const [name, source] of redisScripts)
        this.#hashes.set(name, String(await commands.call('SCRIPT', ['LOAD', source])));
    } catch {
      commands.disconnect(true); // begins anew
      return;
    }
    if (this.#isUp || this.#stopped) return;
    this.#isUp = true;
    this.#events.up();
  }

  #down(): void {
    if (!this.#isUp) return;
    this.#isUp = false;
    this.#events.down();
  }
}

export const unavailable = (): WatchpostError => new WatchpostError('broker.cluster_unavailable');

async function connectionOptions({ url, passwordFile, caFile }: RedisPlace): Promise<RedisOptions> {
  const { commandTimeoutMs, retry } = redisPolicy;
  return {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: commandTimeoutMs,
    connectTimeout: commandTimeoutMs,
    retryStrategy: (times) => Math.min(retry.firstMs * 2 ** Math.min(times, 10), retry.longestMs),
    ...(passwordFile === undefined ? {} : { password: await readSecret(passwordFile) }),
    ...(url.startsWith('rediss:')
      ? { tls: caFile === undefined ? {} : { ca: await read(caFile, '/cluster/caFile') } }
      : {}),
  };
}

async function readSecret(file: string): Promise<string> {
  const path = '/cluster/passwordFile';
  const mode = await stat(file).then(
    (found) => found.mode,
    () => 0,
  );
  if ((mode & 0o077) !== 0)
    throw new WatchpostError('config.invalid', {
      path,
      details: { expected: 'a file that only its owner can read' },
    });
  return (await read(file, path)).trim();
}

async function read(file: string, path: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new WatchpostError('config.invalid', {
      path,
      details: { expected: 'a file that can be read' },
      cause,
    });
  }
}
