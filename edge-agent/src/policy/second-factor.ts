import type { EventData } from '@watchpost/contracts/wire';
import type { PermitInForce } from './matching-permit.ts';
import { secondFactorPolicy } from './policy.ts';

/** What must be shown besides a face before anything opens. */
export type SecondFactor = NonNullable<EventData<'watchpost.face.candidate.v1'>['secondFactor']>['demanded'];

/**
 * A picture held up to a camera looks like a face. Only a liveness model with a certificate can vouch for the
 * face alone; where there is none, a policy may choose between pass and guard, but not waive both.
 */
export function demandedFactor(
  policy: Pick<PermitInForce, 'access'> | null,
  certifiedLiveness: boolean,
): SecondFactor {
  const wanted = policy?.access?.secondFactor;
  if (certifiedLiveness) return wanted ?? 'none';
  return wanted === 'pass' ? 'pass' : 'guard';
}

/** When a pass was last accepted in each zone of the gateway. */
export class AcceptedPasses {
  readonly #lastAt = new Map<string, number>();

  /** `atMs` is the capture time, milliseconds since the epoch. */
  note(zone: string, atMs: number): void {
    this.#lastAt.set(zone, atMs);
  }

  /** Whether one was accepted shortly enough, `countsMs`, before `atMs`. */
  covers(zone: string, atMs: number, countsMs: number = secondFactorPolicy.passCountsMs): boolean {
    const last = this.#lastAt.get(zone);
    return last !== undefined && last <= atMs && atMs - last <= countsMs;
  }
}
