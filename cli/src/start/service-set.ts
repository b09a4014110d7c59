import type { ComponentHealth } from '@watchpost/contracts/api';
import type { Logger } from 'pino';
import type { ToldFiles } from '../apply/told-files.ts';
import { startPolicy } from '../policy.ts';
import { memorySettingsOf, nodeOptionsOf, type ServiceName } from './node-options.ts';
import { writeRunFile } from './run-files.ts';
import { type ReadyMessage, type ServiceOptions, ServiceProcess } from './service-process.ts';

/** How a service is run where not as all others are. */
export type RunOptions = Partial<Pick<ServiceOptions, 'nodeOptions' | 'environment' | 'input'>>;

export interface ServiceSetOptions {
  /** The data folder, for the configurations. */
  readonly dataFolder: string;
  readonly logger: Logger;
  /** Aborted when the person gives up while the server starts. */
  readonly signal: AbortSignal;
}

/** The services of a server, each in a process of its own; alerting is told how the others are. */
export class ServiceSet {
  readonly #options: ServiceSetOptions;
  readonly #services = new Map<ServiceName, ServiceProcess>();
  readonly #health = new Map<ServiceName, ComponentHealth>();
  /** Writes the configuration of a service anew. */
  readonly #rewrite = new Map<ServiceName, () => void>();
  /** Unknown before the files were looked at: what is broken still is not over meanwhile. */
  #told: ToldFiles | undefined;
  #stopped = false;

  constructor(options: ServiceSetOptions) {
    this.#options = options;
  }

  /** Runs a service whose configuration may be written anew. */
  runFrom(name: ServiceName, entry: string, config: () => object): Promise<ReadyMessage | undefined> {
    const write = () => writeRunFile(this.#options.dataFolder, name.replaceAll('/', '-'), config());
    this.#rewrite.set(name, write);
    return this.run(name, entry, write());
  }

  /**
   * Runs a service; settles when it is ready, with undefined when all of them were stopped before.
   * @throws WatchpostError the service’s own
   */
  async run(
    name: ServiceName,
    entry: string,
    configPath: string,
    more: RunOptions = {},
  ): Promise<ReadyMessage | undefined> {
    const { logger, signal } = this.#options;
    signal.throwIfAborted();
    // What was still being prepared when another part failed must not start after the end.
    if (this.#stopped) return undefined;
    const service = new ServiceProcess({
      name,
      entry,
      args: [configPath],
      nodeOptions: [...nodeOptionsOf(name), ...(more.nodeOptions ?? [])],
      variables: memorySettingsOf(name),
      environment: more.environment,
      input: more.input,
      logger,
      onChange: (status) => this.#changed(name, { status: status === 'ok' ? 'ok' : 'down' }),
      onHealth: (health) => this.#changed(name, health),
    });
    this.#services.set(name, service);
    return await service.start();
  }

  /** Asks a service to read its configuration again. */
  reload(name: ServiceName): void {
    this.#services.get(name)?.reload();
  }

  /** Writes configurations anew and has those services read them that `isTouched` names. */
  rewrite(isTouched: (name: ServiceName) => boolean): void {
    for (const [name, write] of this.#rewrite) {
      if (!isTouched(name)) continue;
      write();
      this.reload(name);
    }
  }

  /** Writes the configuration of a service anew and starts it again with it; settles when it is ready. */
  async restart(name: ServiceName): Promise<void> {
    this.#rewrite.get(name)?.();
    await this.#services.get(name)?.restart(startPolicy.stopWithinMs);
  }

  /** Tells alerting what is broken in the files of the server. */
  tellFiles(told: ToldFiles): void {
    this.#told = told;
    this.#tellAlerting();
  }

  /** Nothing is started any more. */
  close(): void {
    this.#stopped = true;
  }

  /**
   * First what produces, then what consumes, the broker last; whatever is left in the end
   * ({@link startPolicy}) is killed.
   */
  async stop(): Promise<void> {
    const started = performance.now();
    const stopOne = (name: ServiceName) =>
      this.#services.get(name)?.stop(startPolicy.stopWithinMs - (performance.now() - started));
    this.close();
    const producers = [...this.#services.keys()].filter((name) => name !== 'alerting' && name !== 'broker');
    await Promise.all(producers.map(stopOne));
    await stopOne('alerting');
    await stopOne('broker');
  }

  #changed(name: ServiceName, health: ComponentHealth): void {
    this.#health.set(name, health);
    this.#tellAlerting();
  }

  #tellAlerting(): void {
    this.#services.get('alerting')?.send({ health: Object.fromEntries(this.#health), ...this.#told });
  }
}
