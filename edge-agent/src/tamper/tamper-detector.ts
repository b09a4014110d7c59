import type { EventData } from '@watchpost/contracts/wire';
import type { CoveredLens } from './covered-lens.ts';
import type { FrozenPicture } from './frozen-picture.ts';

export type TamperKind = EventData<'watchpost.tamper.cleared.v1'>['kind'];
export type TamperReason = NonNullable<EventData<'watchpost.tamper.cleared.v1'>['reason']>;

/** A camera that does not see: from when on, by the clock of the detector. */
export interface TamperEpisode {
  readonly kind: TamperKind;
  readonly reason: TamperReason;
  readonly sinceMs: number;
}

/** An episode began, or is over. */
export type TamperChange =
  | (TamperEpisode & { readonly change: 'began' })
  | (TamperEpisode & { readonly change: 'ended'; readonly durationMs: number });

/** How long each may last before it is told, in milliseconds; 0 = never told. */
export interface TamperLimits {
  readonly lostAfterMs: number;
  readonly frozenAfterMs: number;
  readonly coveredAfterMs: number;
}

/**
 * Decides when a camera has stopped seeing: no picture, the same picture, nothing in the picture. Each
 * episode is told once when it has lasted its limit, and once when it is over. Times are of one clock that
 * never goes back, in milliseconds.
 */
export class TamperDetector {
  readonly #limits: TamperLimits;
  readonly #frozen: FrozenPicture;
  readonly #covered: CoveredLens;
  readonly #open = new Map<TamperKind, TamperEpisode>();
  #lastPictureMs: number;

  /** @param open episodes that were told before and are not over, as far as is known. */
  constructor(
    limits: TamperLimits,
    parts: { readonly frozen: FrozenPicture; readonly covered: CoveredLens },
    startedMs: number,
    open: readonly TamperEpisode[] = [],
  ) {
    this.#limits = limits;
    this.#frozen = parts.frozen;
    this.#covered = parts.covered;
    this.#lastPictureMs = startedMs;
    for (const episode of open) this.#open.set(episode.kind, episode);
  }

  /** Episodes that were told and are not over. */
  get open(): readonly TamperEpisode[] {
    return [...this.#open.values()];
  }

  /** A picture came: a digest of its pixels and the mean luma of its grid. */
  picture(digest: number, cells: Float32Array, atMs: number): TamperChange[] {
    const { lostAfterMs, frozenAfterMs, coveredAfterMs } = this.#limits;
    const pauseMs = atMs - this.#lastPictureMs;
    this.#lastPictureMs = atMs;
    // After a pause nothing is known of what the pictures between would have shown.
    if (pauseMs > Math.max(1000, lostAfterMs / 2)) {
      this.#frozen.forget();
      this.#covered.forget();
    }
    this.#frozen.observe(digest, atMs);
    this.#covered.observe(cells, atMs);
    const frozenSince = frozenAfterMs > 0 ? this.#frozen.frozenSince(frozenAfterMs) : null;
    const cover = coveredAfterMs > 0 ? this.#covered.coveredSince(coveredAfterMs) : null;
    const loss = frozenSince === null ? null : ({ reason: 'frozen', sinceMs: frozenSince } as const);
    return [
      ...(loss || !this.#staysFrozen() ? this.#judge('video_loss', loss, atMs) : []),
      ...(cover || !this.#staysCovered() ? this.#judge('cover', cover, atMs) : []),
    ];
  }

  /** Time passes, with or without pictures. */
  tick(atMs: number): TamperChange[] {
    const { lostAfterMs } = this.#limits;
    if (lostAfterMs === 0 || atMs - this.#lastPictureMs < lostAfterMs || this.#open.has('video_loss'))
      return [];
    return this.#judge('video_loss', { reason: 'lost', sinceMs: this.#lastPictureMs }, atMs);
  }

  /**
   * Frozen is over when a picture differs from the one before it, not when a new run has not looked for long
   * enough.
   */
  #staysFrozen(): boolean {
    const open = this.#open.get('video_loss');
    return open?.reason === 'frozen' && this.#frozen.changedMs <= open.sinceMs;
  }

  #staysCovered(): boolean {
    return this.#open.has('cover') && this.#covered.coveredSince(0) !== null;
  }

  #judge(
    kind: TamperKind,
    now: { readonly reason: TamperReason; readonly sinceMs: number } | null,
    atMs: number,
  ): TamperChange[] {
    const open = this.#open.get(kind);
    if (now && !open) {
      const episode = { kind, ...now };
      this.#open.set(kind, episode);
      return [{ change: 'began', ...episode }];
    }
    if (now || !open) return [];
    this.#open.delete(kind);
    return [{ change: 'ended', ...open, durationMs: Math.max(0, Math.round(atMs - open.sinceMs)) }];
  }
}
