import type { GatewayClock } from '../clock/gateway-clock.ts';
import type { EdgeAgentConfig } from '../config.ts';
import type { FaceRecognition } from '../recognition/open-face-recognition.ts';
import { type MatchingPermit, type PermitInForce, permitMatching } from './matching-permit.ts';
import { AcceptedPasses, demandedFactor, type SecondFactor } from './second-factor.ts';

/** What face recognition says of itself, and the gallery that withdrawn entries are taken from. */
type Recognition = Pick<FaceRecognition, 'gallery' | 'galleryDigest' | 'certifiedLiveness'>;

/** What the server says of how passes are judged; absent: it says nothing. */
type PassTimes = Pick<EdgeAgentConfig['passes'], 'countsForFaceMs' | 'revokedListGoodMs'>;

export interface AccessConditionsOptions {
  readonly policy: { readonly current: PermitInForce | null };
  readonly clock: Pick<GatewayClock, 'isUnknown' | 'nowMs'>;
  /** Whether nothing may be matched without a policy. */
  readonly policyRequired: boolean;
  /** What the gateway is told at present of how passes are judged. */
  readonly passTimes: () => PassTimes;
}

/**
 * What the policy in force allows at present: whether faces may be matched, and what a match needs besides
 * the face.
 */
export class AccessConditions {
  readonly #options: AccessConditionsOptions;
  readonly #acceptedPasses = new AcceptedPasses();
  #recognition: Recognition | null = null;

  constructor(options: AccessConditionsOptions) {
    this.#options = options;
  }

  /**
   * Models and gallery are loaded. Call it before the first frame is looked at: what was withdrawn must not
   * match.
   */
  useRecognition(recognition: Recognition | null): void {
    this.#recognition = recognition;
    this.applyPolicy();
  }

  /** Takes entries that the policy in force withdraws out of the gallery. */
  applyPolicy(): void {
    for (const entry of this.#options.policy.current?.gallery.withdrawn ?? [])
      this.#recognition?.gallery.remove(entry);
  }

  /** Whether faces may be matched. */
  permit(): MatchingPermit {
    const { policy, clock, policyRequired } = this.#options;
    if (clock.isUnknown) return { allowed: false, error: 'edge.clock_unknown' };
    const digest = this.#recognition?.galleryDigest ?? '';
    return permitMatching(policy.current, policyRequired, digest, clock.nowMs());
  }

  /**
   * Whether the list of withdrawn passes is too old to let anybody in by it: the server wrote it longer ago
   * than the site allows, however long the permit that brought it is good for faces. Each renewal says the
   * list anew. Before a first permit there is no list that could be too old.
   */
  passListExpired(): boolean {
    const { policy, clock, passTimes } = this.#options;
    const { revokedListGoodMs } = passTimes();
    if (!policy.current || revokedListGoodMs === undefined || clock.isUnknown) return false;
    return clock.nowMs() > Date.parse(policy.current.issued) + revokedListGoodMs;
  }

  /** A pass was accepted in this zone; `atMs` is the capture time. */
  passAccepted(zone: string, atMs: number): void {
    this.#acceptedPasses.note(zone, atMs);
  }

  /** What a match of the access list in `zone` needs besides the face, and whether it is there. */
  secondFactor(zone: string, atMs: number): { readonly demanded: SecondFactor; readonly met: boolean } {
    const certified = this.#recognition?.certifiedLiveness ?? false;
    const demanded = demandedFactor(this.#options.policy.current, certified);
    const { countsForFaceMs } = this.#options.passTimes();
    const isShown = () => this.#acceptedPasses.covers(zone, atMs, countsForFaceMs);
    const met = demanded === 'none' || (demanded === 'pass' && isShown());
    return { demanded, met };
  }
}
