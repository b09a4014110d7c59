import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalServer, serveLocally } from '@watchpost/service';
import { readVersion, serverFileName, siteFilePath } from '@watchpost/service/server-folder';
import type { Logger } from 'pino';
import { applyPolicy } from '../policy.ts';
import { FolderWatch } from './folder-watch.ts';
import type { SiteApplier } from './site-applier.ts';

export interface LiveApplyOptions {
  /** The server folder. */
  readonly folder: string;
  /** Where commands reach this server. */
  readonly socket: string;
  readonly applier: SiteApplier;
  /** Files are put into force as soon as they are saved. */
  readonly onSave: boolean;
  readonly logger: Logger;
}

/** Applies the files of a running server: when they change, and when `watchpost apply` asks. */
export class LiveApply {
  readonly #options: LiveApplyOptions;
  readonly #watch: FolderWatch;
  #socket: LocalServer | undefined;

  constructor(options: LiveApplyOptions) {
    this.#options = options;
    this.#watch = new FolderWatch(options.folder, applyPolicy.lookEveryMs, () => this.now());
  }

  /** @throws WatchpostError `config.data_folder` */
  async start(): Promise<void> {
    const { socket, applier, onSave } = this.#options;
    this.#socket = await serveLocally(socket, () => applier.apply());
    // What was broken at the start is told, and what changed meanwhile is put into force.
    this.now();
    if (onSave) this.#watch.start();
  }

  /** Looks at the files now; what fails is logged. */
  now(): void {
    const { applier, logger } = this.#options;
    applier.apply().catch((error: unknown) => logger.error({ err: error }, 'sites not applied'));
  }

  async stop(): Promise<void> {
    this.#watch.stop();
    await this.#socket?.stop();
  }
}

/**
 * What a running server cannot take up: another `server.yaml`, and sites that came or went.
 * @param running ids of the sites that run
 * @returns asks again at each call
 */
export function countsFromNextStart(folder: string, running: readonly string[]): () => readonly string[] {
  const digest = () => readVersion(join(folder, serverFileName))?.digest;
  const before = digest();
  return () => {
    const now = new Set(sitesIn(folder));
    return [
      ...(digest() === before ? [] : [serverFileName]),
      ...[...now].filter((site) => !running.includes(site)).map(siteFilePath),
      ...running.filter((site) => !now.has(site)).map(siteFilePath),
    ];
  };
}

function sitesIn(folder: string): string[] {
  try {
    return readdirSync(join(folder, 'sites'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
