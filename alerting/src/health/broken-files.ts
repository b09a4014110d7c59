import type { ErrorCode } from '@watchpost/contracts/errors';
import type { SystemEvent } from '@watchpost/contracts/wire';
import type { Scheduler } from '../jobs/scheduler.ts';
import { gatewayPlace } from '../places/event-place.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import type { LossLimits } from '../policy.ts';
import { systemGateway } from './loss-finding.ts';
import type { OpenLosses } from './open-losses.ts';

type BrokenData = Extract<SystemEvent, { type: 'watchpost.settings.broken.v1' }>['data'];

/** A file of the server folder with mistakes, by the first of them. */
export interface BrokenFile extends Pick<BrokenData, 'file' | 'line' | 'reason'> {
  /** The site that it is of; absent where it concerns all. */
  readonly site?: string;
  readonly error: ErrorCode;
}

/** What {@link BrokenFiles} needs. */
export interface BrokenFilesOptions {
  readonly directory: SiteDirectory;
  readonly scheduler: Scheduler;
  readonly losses: OpenLosses;
  readonly limits: Pick<LossLimits, 'settingsMs'>;
  readonly nowMs: () => number;
}

/**
 * Tells that a file of the server folder is broken when it stays so: whoever saved it may have left, and
 * believe that what it says counts. Who mends it within the limit is left alone.
 */
export class BrokenFiles {
  readonly #options: BrokenFilesOptions;
  /** The newest word about each, and since when it is broken. */
  readonly #broken = new Map<string, { readonly sinceMs: number; readonly now: BrokenFile }>();

  constructor(options: BrokenFilesOptions) {
    this.#options = options;
    options.scheduler.handle('settings.broken', (file, _, dueMs) => this.#limitReached(file, dueMs));
  }

  /** All files that are broken now; others are good. */
  take(files: readonly BrokenFile[]): void {
    const { directory, scheduler, losses, limits, nowMs } = this.#options;
    const now = new Set(files.map(({ file }) => file));
    for (const file of this.#broken.keys()) {
      if (now.has(file)) continue;
      this.#broken.delete(file);
      scheduler.cancel('settings.broken', file);
    }
    for (const file of losses.told('watchpost.settings.broken.v1', systemGateway)) {
      if (!now.has(file))
        losses.restore('watchpost.settings.broken.v1', gatewayPlace(directory, systemGateway), file);
    }
    for (const one of files) {
      const known = this.#broken.get(one.file);
      this.#broken.set(one.file, { sinceMs: known?.sinceMs ?? nowMs(), now: one });
      if (!known) scheduler.schedule('settings.broken', one.file, nowMs() + limits.settingsMs, {}, 'keep');
    }
  }

  #limitReached(path: string, dueMs: number): void {
    const { directory, losses, limits } = this.#options;
    const found = this.#broken.get(path);
    if (!found) return;
    const { now } = found;
    const sinceMs = Math.min(found.sinceMs, dueMs - limits.settingsMs);
    const { file, line, error, reason } = now;
    const data = { since: new Date(sinceMs).toISOString(), file, line, error, reason };
    const place = gatewayPlace(directory, systemGateway);
    losses.raise({ type: 'watchpost.settings.broken.v1', place, data }, sinceMs);
  }
}
