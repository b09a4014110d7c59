import { duplicatePolicy } from './policy.ts';

/** Which outbox lives spoke for one gateway lately. */
export interface EpochHistory {
  readonly current: string | undefined;
  /** Epochs that another one replaced. */
  readonly replaced: ReadonlySet<string>;
  /**
   * When two lives were last seen to alternate, by a monotonic clock: setting the time must neither end a
   * mark nor keep it.
   */
  readonly alternatedAtMs: number | undefined;
}

/** Of a gateway that was not heard yet. */
export const noEpochs: EpochHistory = { current: undefined, replaced: new Set(), alternatedAtMs: undefined };

/**
 * Takes note that `epoch` delivered something new. One change of epoch is a new outbox and in order; an epoch
 * that comes back after another replaced it means that two gateways use the same identity.
 */
export function observeEpoch(history: EpochHistory, epoch: string, monotonicMs: number): EpochHistory {
  if (history.current === epoch) return history;
  const replaced = new Set(history.replaced);
  if (history.current !== undefined) replaced.add(history.current);
  const cameBack = replaced.delete(epoch);
  for (const oldest of replaced) {
    if (replaced.size <= duplicatePolicy.rememberedEpochs) break;
    replaced.delete(oldest);
  }
  return { current: epoch, replaced, alternatedAtMs: cameBack ? monotonicMs : history.alternatedAtMs };
}

/** Whether the gateway should be shown as one whose identity is used twice. */
export function hasDuplicate(history: EpochHistory, monotonicMs: number): boolean {
  return (
    history.alternatedAtMs !== undefined && monotonicMs - history.alternatedAtMs < duplicatePolicy.markMs
  );
}
