import type { FaceObservation, FaceQuality } from '../face/observation.ts';
import type { Box } from '../frame/frame.ts';
import type { Gallery } from '../gallery/gallery.ts';
import type { MeasuredThreshold } from '../models/manifest.ts';
import { assignFaces } from './assign.ts';
import { confidenceOf, falseMatchRateAt } from './calibration.ts';
import type { FaceDecision } from './decision.ts';
import { TrackVotes } from './vote.ts';

/** How tracks are kept and when they speak. */
export interface FaceTrackerOptions {
  /** Read at every update: adding and removing entries takes effect at once. */
  readonly gallery: Gallery;
  /** Cosine from which a frame votes for an entry; take it from `ModelSet.threshold`. */
  readonly threshold: number;
  /** False-match rate measured for `threshold`; from `ModelSet.falseMatchRate`. */
  readonly falseMatchRate: number;
  /**
   * All measured points, for the confidence; from `ModelSet.thresholds`. Left out: extrapolated from the one
   * above.
   */
  readonly thresholds?: readonly MeasuredThreshold[];
  /**
   * Zone of the camera, or of a place in its picture, compared with an entry’s `areas`; left out = entries
   * with areas never match.
   */
  readonly area?: string | ((box: Box) => string);
  /** Comparable frames before the first decision; default 3. */
  readonly minFrames?: number;
  /** Frames without a single comparable one before the track abstains; default 8. */
  readonly abstainFrames?: number;
  /**
   * Liveness below which a track abstains with `spoof`; default off, because no attack rate is known for the
   * default weights.
   */
  readonly minLiveness?: number;
  /** How long a track lives unseen, ms; default 1500. */
  readonly maxGapMs?: number;
  /** Prefix of track ids; default `t`. */
  readonly idPrefix?: string;
}

/** Where a face was seen last, whoever it is. */
export interface TrackPlace {
  readonly trackId: string;
  readonly box: Box;
}

/** One per camera. Holds embeddings of live tracks in memory only. */
export interface FaceTracker {
  /**
   * Decisions that are new or changed with this frame, `nothing` included (drop it: it must not leave the
   * process). A track that ends undecided after `minFrames` frames abstains then. `capturedAt` is ms since
   * the epoch; a step backwards ends all tracks. Call it for frames without faces too.
   */
  update(observations: readonly FaceObservation[], capturedAt: number): readonly FaceDecision[];
  /** Live tracks. */
  readonly size: number;
  /** Where each of them was seen last. */
  readonly places: readonly TrackPlace[];
}

interface Track {
  readonly id: string;
  readonly votes: TrackVotes;
  /** Zone in which each entry was matched last. */
  readonly matchedIn: Map<string, string>;
  /** Zone in which it was seen last. */
  area: string | undefined;
  box: Box;
  embedding: Float32Array | null;
  /** Pixels per ms. */
  vx: number;
  vy: number;
  seenAt: number;
  frames: number;
  best: FaceQuality;
  /** Sum and count of the advisory liveness. */
  liveness: { sum: number; frames: number };
  /** What was said last; null before the first decision. */
  said: string | null;
}

/**
 * Share of the weighted votes with which an entry leads, and below which it stops leading: two values, so
 * that decisions do not flap.
 */
const leadShare = 0.5;
const keepShare = 0.3;

/** Pure: no clock, no randomness, no I/O. */
export function createFaceTracker(options: FaceTrackerOptions): FaceTracker {
  const {
    gallery,
    threshold,
    area,
    minFrames = 3,
    abstainFrames = 8,
    minLiveness = 0,
    maxGapMs = 1500,
  } = options;
  const { idPrefix = 't', falseMatchRate } = options;
  const measured = options.thresholds ?? [{ cosine: threshold, falseMatchRate }];
  let tracks: Track[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  let count = 0;

  function update(observations: readonly FaceObservation[], capturedAt: number): FaceDecision[] {
    const decisions: FaceDecision[] = [];
    const ended = tracks.filter((track) => capturedAt < lastAt || capturedAt - track.seenAt > maxGapMs);
    tracks = tracks.filter((track) => !ended.includes(track));
    for (const track of ended) push(decisions, lastWord(track));
    lastAt = capturedAt;

    const predicted = tracks.map((track) => ({
      box: predict(track, capturedAt),
      embedding: track.embedding,
    }));
    const assigned = assignFaces(predicted, observations);
    for (const [i, face] of observations.entries()) {
      const track = tracks[assigned[i] ?? -1] ?? begin(face, capturedAt);
      follow(track, face, capturedAt);
      push(decisions, decide(track, capturedAt));
    }
    return decisions;
  }

  function begin(face: FaceObservation, at: number): Track {
    const track: Track = {
      id: `${idPrefix}${++count}`,
      votes: new TrackVotes(),
      matchedIn: new Map(),
      area: undefined,
      box: face.box,
      embedding: null,
      vx: 0,
      vy: 0,
      seenAt: at,
      frames: 0,
      best: face.quality,
      liveness: { sum: 0, frames: 0 },
      said: null,
    };
    tracks = [...tracks, track];
    return track;
  }

  function follow(track: Track, face: FaceObservation, at: number): void {
    const dt = at - track.seenAt;
    if (dt > 0) {
      track.vx = 0.5 * track.vx + (0.5 * (centreX(face.box) - centreX(track.box))) / dt;
      track.vy = 0.5 * track.vy + (0.5 * (centreY(face.box) - centreY(track.box))) / dt;
    }
    track.box = face.box;
    track.area = typeof area === 'function' ? area(face.box) : area;
    track.seenAt = at;
    track.frames++;
    if (face.quality.overall >= track.best.overall) track.best = face.quality;
    if (face.liveness !== null) {
      track.liveness.sum += face.liveness;
      track.liveness.frames++;
    }
    if (face.embedding && face.liveness !== null && face.liveness < minLiveness) track.votes.refuse('spoof');
    else if (face.embedding) {
      track.embedding = face.embedding;
      const match = gallery.match(face.embedding, at, track.area);
      track.votes.cast(match, threshold, Math.max(0.05, face.quality.overall));
      if (match && match.cosine >= threshold && track.area !== undefined)
        track.matchedIn.set(match.entry.entryId, track.area);
    } else track.votes.refuse(face.quality.reason ?? 'model');
  }

  function decide(track: Track, at: number): FaceDecision | null {
    const { votes } = track;
    if (votes.comparable >= minFrames) {
      const leader = votes.leader();
      const keeps = leader !== null && track.said === `candidate ${leader.entry.entryId}`;
      if (leader && leader.share > (keeps ? keepShare : leadShare)) return candidate(track, leader, at);
      return say(track, 'nothing', {
        kind: 'nothing',
        trackId: track.id,
        frames: track.frames,
        capturedAt: at,
      });
    }
    return votes.comparable === 0 && track.frames >= abstainFrames ? abstain(track, at) : null;
  }

  function candidate(
    track: Track,
    leader: NonNullable<ReturnType<TrackVotes['leader']>>,
    at: number,
  ): FaceDecision | null {
    const { entry, cosine, votes } = leader;
    const confidence = confidenceOf(falseMatchRateAt(cosine, measured), gallery.size);
    const { entryId, list } = entry;
    const said = {
      kind: 'candidate',
      entryId,
      list,
      cosine,
      threshold,
      falseMatchRate,
      confidence,
      votes,
      liveness: track.liveness.frames > 0 ? track.liveness.sum / track.liveness.frames : null,
    } as const;
    // Not where it is by now: there the entry may have no right to match.
    const matchedIn = track.matchedIn.get(entryId);
    const where = matchedIn === undefined ? {} : { area: matchedIn };
    return say(track, `candidate ${entryId}`, { ...said, ...facts(track, at), ...where });
  }

  function abstain(track: Track, at: number): FaceDecision | null {
    return say(track, 'abstain', { kind: 'abstain', reason: track.votes.mainReason(), ...facts(track, at) });
  }

  function lastWord(track: Track): FaceDecision | null {
    return track.said === null && track.frames >= minFrames && track.votes.refused > 0
      ? abstain(track, track.seenAt)
      : null;
  }

  return {
    update,
    get size() {
      return tracks.length;
    },
    get places() {
      return tracks.map(({ id, box }) => ({ trackId: id, box }));
    },
  };
}

function say(track: Track, what: string, decision: FaceDecision): FaceDecision | null {
  if (track.said === what) return null;
  track.said = what;
  return decision;
}

function facts(track: Track, capturedAt: number) {
  const { id: trackId, frames, best: quality, box, area } = track;
  return { ...{ trackId, frames, quality, box, capturedAt }, ...(area === undefined ? {} : { area }) };
}

function predict({ box, vx, vy, seenAt }: Track, at: number): Box {
  return { ...box, x: box.x + vx * (at - seenAt), y: box.y + vy * (at - seenAt) };
}

function push(decisions: FaceDecision[], decision: FaceDecision | null): void {
  if (decision) decisions.push(decision);
}

const centreX = (box: Box) => box.x + box.width / 2;
const centreY = (box: Box) => box.y + box.height / 2;
