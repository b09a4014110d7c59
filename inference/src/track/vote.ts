import type { AbstainReason } from '../face/observation.ts';
import type { GalleryEntry, GalleryMatch } from '../gallery/entry.ts';

/** Weight that a vote keeps per later vote: about the last twenty frames count, and memory stays constant. */
const fade = 0.95;
/** Votes for entries below this weight are forgotten. */
const forgotten = 0.01;

interface Ballot {
  entry: GalleryEntry;
  weight: number;
  cosineWeight: number;
  votes: number;
}

/** The leading entry of a track. */
export interface Leader {
  readonly entry: GalleryEntry;
  /** Its share of all recent weight, 0 … 1. */
  readonly share: number;
  /** Weighted mean cosine of the frames that voted for it. */
  readonly cosine: number;
  readonly votes: number;
}

/** Votes of one track: every comparable frame votes for an entry or for nobody, weighted by its quality. */
export class TrackVotes {
  readonly #ballots = new Map<string, Ballot>();
  readonly #reasons = new Map<AbstainReason, number>();
  #total = 0;
  /** Frames that could be compared. */
  comparable = 0;
  /** Frames that could not. */
  refused = 0;

  cast(match: GalleryMatch | null, threshold: number, weight: number): void {
    this.comparable++;
    this.#total = this.#total * fade + weight;
    for (const [id, ballot] of this.#ballots) {
      ballot.weight *= fade;
      ballot.cosineWeight *= fade;
      if (ballot.weight < forgotten) this.#ballots.delete(id);
    }
    if (!match || match.cosine < threshold) return;
    const { entry, cosine } = match;
    const ballot = this.#ballots.get(entry.entryId) ?? { entry, weight: 0, cosineWeight: 0, votes: 0 };
    ballot.entry = entry;
    ballot.weight += weight;
    ballot.cosineWeight += weight * cosine;
    ballot.votes++;
    this.#ballots.set(entry.entryId, ballot);
  }

  refuse(reason: AbstainReason): void {
    this.refused++;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  leader(): Leader | null {
    let best: Ballot | null = null;
    for (const ballot of this.#ballots.values()) if (!best || ballot.weight > best.weight) best = ballot;
    if (!best || this.#total <= 0) return null;
    return {
      entry: best.entry,
      share: best.weight / this.#total,
      cosine: best.cosineWeight / best.weight,
      votes: best.votes,
    };
  }

  mainReason(): AbstainReason {
    let best: [AbstainReason, number] = ['model', 0];
    for (const pair of this.#reasons) if (pair[1] > best[1]) best = pair;
    return best[0];
  }
}
