import { type DrawnArea, zoneAt } from '@watchpost/contracts/site';
import type { DeviceHealth, EventData, ZoneId } from '@watchpost/contracts/wire';
import {
  type Box,
  createFaceTracker,
  expectedFalseCandidates,
  type FaceDecision,
  type FacePipeline,
  type FaceTracker,
  type Frame,
  type Gallery,
} from '@watchpost/inference';
import { RateLimit } from '../devices/rate-limit.ts';
import type { EventDraft } from '../outbox/event-draft.ts';
import type { SecondFactor } from '../policy/second-factor.ts';
import { facePolicy } from '../policy.ts';
import { DailyTraffic } from './daily-traffic.ts';
import { abstainData, candidateData, modelRefs } from './face-event.ts';
import type { FollowedPoint } from './line-crossings.ts';

type FaceEvent = Extract<EventDraft, { type: 'watchpost.face.candidate.v1' | 'watchpost.face.abstain.v1' }>;
/** What a face means, and in which zone; the caller adds the device. */
export type FaceFinding = {
  readonly [T in FaceEvent['type']]: {
    readonly type: T;
    readonly data: Extract<FaceEvent, { type: T }>['data'];
    readonly zone: ZoneId;
    readonly capturedAtMs: number;
  };
}[FaceEvent['type']];

export interface FaceHandlerOptions {
  readonly pipeline: FacePipeline;
  readonly gallery: Gallery;
  readonly device: string;
  readonly zone: ZoneId;
  /** Parts of its picture that are other zones. */
  readonly areas?: readonly DrawnArea[] | undefined;
  readonly minFrames: number;
  readonly minLiveness: number;
  /** What a match of the access list there and then needs besides the face, and whether it is there. */
  secondFactor(zone: string, atMs: number): { readonly demanded: SecondFactor; readonly met: boolean };
}

/** Faces of one camera. What matches nothing stays in the memory of the tracker until the track ends. */
export class FaceHandler {
  readonly #options: FaceHandlerOptions;
  readonly #models: EventData<'watchpost.face.candidate.v1'>['models'];
  readonly #abstains = new RateLimit(facePolicy.abstainsPerMinute, 60_000);
  readonly #traffic = new DailyTraffic();
  /** Tracks that were counted; of the tracker’s present life. */
  readonly #counted = new Set<string>();
  /** Of the last frame, pixels. */
  #size = { width: 1, height: 1 };
  #tracker: FaceTracker;
  #life = 0;

  constructor(options: FaceHandlerOptions) {
    this.#options = options;
    this.#models = modelRefs(options.pipeline.models.digests);
    this.#tracker = this.#newTracker();
  }

  /** Whether a face is being followed. */
  get following(): boolean {
    return this.#tracker.size > 0;
  }

  /** Where faces that are followed were seen last in a frame, by their middle. */
  placesIn({ width, height }: Pick<Frame, 'width' | 'height'>): FollowedPoint[] {
    return this.#tracker.places.map(({ trackId, box }) => {
      const [x, y] = middleOf(box, { width, height });
      return { id: trackId, x, y };
    });
  }

  /** Abstentions that were held back so that they do not flood. */
  get heldBack(): number {
    return this.#abstains.heldBack;
  }

  /** Traffic and what to expect of it; undefined before an hour has passed. */
  report(nowMs: number): DeviceHealth['faces'] {
    const peoplePerDay = this.#traffic.perDay(nowMs);
    if (peoplePerDay === null) return undefined;
    const { gallery, pipeline } = this.#options;
    const expectedFalsePerDay = expectedFalseCandidates(
      pipeline.models.falseMatchRate,
      gallery.size,
      peoplePerDay,
    );
    return { gallery: gallery.size, peoplePerDay, expectedFalsePerDay };
  }

  /** Looks at a frame. */
  async look(frame: Frame): Promise<FaceFinding[]> {
    const { width, height } = frame;
    this.#size = { width, height };
    return this.#speak(this.#tracker.update(await this.#options.pipeline.analyse(frame), frame.capturedAt));
  }

  /** Lets time pass without looking: tracks end. */
  skip(capturedAt: number): FaceFinding[] {
    return this.#tracker.size === 0 ? [] : this.#speak(this.#tracker.update([], capturedAt));
  }

  /** Forgets all faces, e.g. when matching is no longer permitted. */
  forget(): void {
    if (this.#tracker.size > 0) this.#tracker = this.#newTracker();
  }

  #newTracker(): FaceTracker {
    const { pipeline, gallery, zone, areas = [], device, minFrames, minLiveness } = this.#options;
    const { threshold, falseMatchRate, thresholds } = pipeline.models;
    // Track names are unique over restarts of the tracker and, nearly, of the agent.
    const idPrefix = `${device.slice(0, 32)}-${Date.now().toString(36)}${(this.#life++).toString(36)}-`;
    return createFaceTracker({
      gallery,
      threshold,
      falseMatchRate,
      thresholds,
      area: (box) => zoneAt(areas, middleOf(box, this.#size), zone),
      minFrames,
      minLiveness,
      idPrefix,
    });
  }

  #speak(decisions: readonly FaceDecision[]): FaceFinding[] {
    const findings: FaceFinding[] = [];
    for (const decision of decisions) {
      const { capturedAt: capturedAtMs } = decision;
      const zone = zoneIn(decision) ?? this.#options.zone;
      this.#countOnce(decision);
      if (decision.kind === 'candidate' && this.#stillValid(decision.entryId, capturedAtMs)) {
        const secondFactor =
          decision.list === 'access' ? this.#options.secondFactor(zone, capturedAtMs) : undefined;
        const data = { ...candidateData(decision, this.#models), ...(secondFactor ? { secondFactor } : {}) };
        findings.push({ type: 'watchpost.face.candidate.v1', data, zone, capturedAtMs });
      } else if (decision.kind === 'abstain' && this.#abstains.allows(capturedAtMs)) {
        const data = abstainData(decision);
        findings.push({ type: 'watchpost.face.abstain.v1', data, zone, capturedAtMs });
      }
    }
    return findings;
  }

  #countOnce({ kind, trackId, capturedAt }: FaceDecision): void {
    if (kind === 'abstain' || this.#counted.has(trackId)) return;
    if (this.#tracker.size === 0 || this.#counted.size > 1000) this.#counted.clear();
    this.#counted.add(trackId);
    this.#traffic.count(capturedAt);
  }

  /** A track may still carry votes for an entry that was withdrawn or has expired since. */
  #stillValid(entryId: string, atMs: number): boolean {
    return this.#options.gallery
      .entries()
      .some((entry) => entry.entryId === entryId && entry.expiresAt > atMs);
  }
}

/** Where a face is in the upright picture: its middle, because where its feet are does not show. */
const middleOf = (
  box: Box,
  { width, height }: Pick<Frame, 'width' | 'height'>,
): readonly [x: number, y: number] => [(box.x + box.width / 2) / width, (box.y + box.height / 2) / height];

const zoneIn = (decision: FaceDecision): ZoneId | undefined =>
  decision.kind === 'nothing' ? undefined : (decision.area as ZoneId | undefined);
