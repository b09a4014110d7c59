import type { DueHandler } from '../jobs/due-handler.ts';
import type { DueRow } from '../jobs/due-step.ts';
import { writeDue } from '../store/due-store.ts';
import {
  type LateKind,
  lateTimes,
  noteLateKinds,
  takeLateKinds,
  writeDigest,
} from '../store/late-digest-store.ts';
import type { Queryable } from '../store/schema.ts';
import { lateSubject } from './late-notice.ts';
import { latePolicy } from './policy.ts';

const row = (site: string, atMs: number, nowMs: number): DueRow => ({
  ...{ site, kind: 'late.digest', key: '', version: 0, atMs, waitMs: Math.max(0, atMs - nowMs) },
});

/** Notes what came late, in the commit that stores it, and that people are told of it in a while. */
export async function noteLate(
  tx: Queryable,
  site: string,
  kinds: readonly LateKind[],
  nowMs: number,
): Promise<void> {
  if (kinds.length === 0) return;
  await noteLateKinds(tx, site, kinds);
  await writeDue(tx, [row(site, nowMs + latePolicy.quietMs, nowMs)], true);
}

/** What {@link lateDigest} needs. */
export interface LateDigestOptions {
  readonly site: string;
  readonly newId: () => string;
  /** Told that notices wait to be sent. */
  readonly written: () => void;
  /** Told when work was written, and when it is due. */
  readonly expect: (atMs: number) => void;
}

/** Tells of everything that came late once nothing more does: one digest for a site and a reconnection. */
export function lateDigest({ site, newId, written, expect }: LateDigestOptions): DueHandler {
  return async (tx, _steps, nowMs) => {
    const came = await lateTimes(tx, site);
    if (!came) return {};
    const { quietMs, atMostMs } = latePolicy;
    // A clock that was set makes nobody wait for ever.
    const atMs = Math.min(came.lastMs + quietMs, came.firstMs + atMostMs, nowMs + quietMs);
    if (atMs > nowMs) {
      await writeDue(tx, [row(site, atMs, nowMs)]);
      return { afterwards: () => expect(atMs) };
    }
    const gateways = await takeLateKinds(tx, site);
    const id = newId();
    const at = new Date(nowMs).toISOString();
    const notices = await writeDigest(tx, { site, id, subject: lateSubject(id), at }, gateways);
    return notices > 0 ? { afterwards: written } : {};
  };
}
