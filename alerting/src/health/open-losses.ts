import type { Alert } from '@watchpost/contracts/alert';
import type { EventPlace } from '../places/event-place.ts';
import type { Finding, LossType } from './loss-finding.ts';

const keyOf = (type: LossType, id: string, detail = ''): string => `${type} ${id} ${detail}`;

/** The field that tells several losses of one type and place apart. */
const detailFields = {
  'watchpost.gateway.fault.v1': 'error',
  'watchpost.settings.broken.v1': 'file',
} as const satisfies Partial<Record<LossType, string>>;
type DetailedType = keyof typeof detailFields;

const isDetailed = (type: LossType): type is DetailedType => Object.hasOwn(detailFields, type);
const detailOf = (type: LossType, details: Readonly<Record<string, unknown>>): string | undefined =>
  isDetailed(type) ? String(details[detailFields[type]]) : undefined;

const isLoss = (alert: Alert): boolean =>
  alert.eventType !== 'watchpost.tamper.video_loss.v1' || alert.details.reason === 'lost';

/**
 * Which losses are told and not over, and since when. Follows the alerts in the store, so that after a
 * restart, or when a gateway tells the same, nothing is told twice and the end of everything is told.
 */
export class OpenLosses {
  /** When each began, by the monotonic clock: how long it lasted is the same however the other is set. */
  readonly #since = new Map<string, number>();
  readonly #report: (finding: Finding) => void;
  readonly #clocks: { nowMs(): number; monotonicMs(): number };

  constructor(clocks: { nowMs(): number; monotonicMs(): number }, report: (finding: Finding) => void) {
    this.#clocks = clocks;
    this.#report = report;
  }

  /** Forgets what was told: somebody else has told more since. */
  clear(): void {
    this.#since.clear();
  }

  has(type: LossType, id: string, detail?: string): boolean {
    return this.#since.has(keyOf(type, id, detail));
  }

  /** What is told of one place: codes of the faults of a gateway, broken files. */
  told(type: DetailedType, id: string): string[] {
    const prefix = keyOf(type, id);
    return [...this.#since.keys()].flatMap((key) =>
      key.startsWith(prefix) ? [key.slice(prefix.length)] : [],
    );
  }

  /** Tells a loss since `sinceMs`, by the clock, unless it is told. */
  raise(finding: Extract<Finding, { type: LossType }>, sinceMs: number): void {
    const key = keyOf(finding.type, finding.place.id, detailOf(finding.type, finding.data));
    if (this.#since.has(key)) return;
    this.#since.set(key, this.#monotonicSince(sinceMs));
    this.#report(finding);
  }

  /** Tells the end of a loss that was told. */
  restore(type: LossType, place: EventPlace, detail?: string): void {
    const key = keyOf(type, place.id, detail);
    const sinceMonotonicMs = this.#since.get(key);
    if (sinceMonotonicMs === undefined) return;
    this.#since.delete(key);
    const durationMs = Math.max(0, Math.round(this.#clocks.monotonicMs() - sinceMonotonicMs));
    const which = isDetailed(type) && detail !== undefined ? { [detailFields[type]]: detail } : {};
    const data = { of: type, durationMs, ...which };
    this.#report({ type: 'watchpost.system.restored.v1', place, data });
  }

  /** Takes note of an alert as it is stored now. */
  note(alert: Alert): void {
    const type = lossTypes.find((known) => known === alert.eventType);
    if (type === undefined || !isLoss(alert)) return;
    const key = keyOf(type, alert.device, detailOf(type, alert.details));
    if (alert.condition !== 'active') this.#since.delete(key);
    else if (!this.#since.has(key)) {
      const since = Date.parse(String(alert.details.since));
      this.#since.set(key, this.#monotonicSince(Number.isNaN(since) ? Date.parse(alert.openedAt) : since));
    }
  }

  /** A time of the clock as it is now, on the monotonic one. */
  #monotonicSince(sinceMs: number): number {
    return this.#clocks.monotonicMs() - (this.#clocks.nowMs() - sinceMs);
  }
}

/** Types of alerts that are losses. */
export const lossTypes = [
  'watchpost.broker.lost.v1',
  'watchpost.gateway.lost.v1',
  'watchpost.gateway.fault.v1',
  'watchpost.device.lost.v1',
  'watchpost.tamper.video_loss.v1',
  'watchpost.settings.broken.v1',
] as const satisfies readonly LossType[];
