import type { AbstainReason, FaceQuality } from '../face/observation.ts';
import type { Box } from '../frame/frame.ts';
import type { GalleryList } from '../gallery/entry.ts';

/** What every decision says about its track. */
interface TrackFacts {
  /** Unique within one tracker; not an identity of a person. */
  readonly trackId: string;
  /** Frames of the track in which a face was seen. */
  readonly frames: number;
  /** Of the best frame. */
  readonly quality: FaceQuality;
  /** Where the face was last, in pixels. */
  readonly box: Box;
  /** Zone in which it was: of a candidate, where the entry was matched last. */
  readonly area?: string;
  /** ms since the epoch, of the frame that made the decision. */
  readonly capturedAt: number;
}

/** The track resembles an entry of the gallery. A candidate for a person to look at, never a verdict. */
export interface CandidateDecision extends TrackFacts {
  readonly kind: 'candidate';
  readonly entryId: string;
  readonly list: GalleryList;
  /** Quality-weighted mean over the frames that voted, −1 … 1. */
  readonly cosine: number;
  /** The cosine from which a frame votes for an entry. */
  readonly threshold: number;
  /** Measured rate at which two different people reach `threshold`, per comparison of two templates. */
  readonly falseMatchRate: number;
  /** 0 … 1: 1 − probability that a gallery of this size gives such a cosine by chance. */
  readonly confidence: number;
  /** Frames that voted for this entry. */
  readonly votes: number;
  /** Mean advisory liveness over the track’s frames, 0 … 1; null when it is not judged. */
  readonly liveness: number | null;
}

/** Faces were seen for long enough, but none of them could be compared. */
export interface AbstainDecision extends TrackFacts {
  readonly kind: 'abstain';
  /** The most frequent reason in the track. */
  readonly reason: AbstainReason;
}

/**
 * The track resembles nobody in the gallery. Must not leave the process (design §8.4): it carries nothing
 * about the face.
 */
export interface NothingDecision {
  readonly kind: 'nothing';
  readonly trackId: string;
  readonly frames: number;
  readonly capturedAt: number;
}

export type FaceDecision = CandidateDecision | AbstainDecision | NothingDecision;
