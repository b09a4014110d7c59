import { WatchpostError } from '@watchpost/contracts/errors';
import type { PassUse, PassUseAnswer, SiteId } from '@watchpost/contracts/wire';
import { decideRedemption } from '@watchpost/passes';
import { append } from '../governance/audit-log.ts';
import { findPass } from '../store/pass-store.ts';
import { insertUse, lockUses, passOfUse, usesOf } from '../store/pass-use-store.ts';
import type { Queryable } from '../store/schema.ts';
import { passPolicy } from './policy.ts';

/**
 * Counts one use of a pass, over all gateways of a site: two that ask at once get its last use once. A repeat
 * under the same id counts nothing more. A use that a gateway took without an answer is stored whatever it
 * was, and told when it was one too many.
 * @throws WatchpostError `api.invalid` for an id that was another pass’s
 */
export async function countUse(
  db: Queryable,
  { site, gateway }: { readonly site: SiteId; readonly gateway: string },
  use: PassUse,
  nowMs: number,
): Promise<PassUseAnswer> {
  const { id, iss, jti, gate, at, taken } = use;
  const key = { site, iss, jti };
  return db.transaction().execute(async (tx) => {
    await lockUses(tx, key);
    const [known, pass] = [
      await passOfUse(tx, site, gateway, id),
      await findPass(tx, [{ site, zones: null }], jti),
    ];
    const own = pass?.iss === iss ? pass : undefined;
    const maxUses = Math.min(own?.maxUses ?? use.maxUses, use.maxUses);
    const isRevoked = own?.revoked != null && (!taken || own.revoked.at <= at);
    // What somebody took before it heard so is no use too many: nobody knows whether the pass is good.
    if (own?.heldAt != null && !taken) return { outcome: 'refused', reason: 'revoked' };
    const before = await usesOf(tx, key);
    if (known) {
      if (known.iss !== iss || known.jti !== jti)
        throw new WatchpostError('api.invalid', { path: '/use/id', details: { expected: 'a new id' } });
      if (isRevoked && !taken) return { outcome: 'refused', reason: 'revoked' };
      return { outcome: 'counted', uses: before.uses, left: Math.max(0, maxUses - before.uses), over: false };
    }
    // What was taken before is told in any order, so its proofs say nothing.
    const { proof, ...counted } = before;
    const decided = decideRedemption(
      { ...counted, ...(proof === undefined || taken ? {} : { proof }) },
      { maxUses },
      taken ? undefined : use.proof,
    );
    const over = isRevoked || decided.outcome === 'rejected';
    if (over && !taken) {
      if (isRevoked) return { outcome: 'refused', reason: 'revoked' };
      const isReplayed = decided.outcome === 'rejected' && decided.reason === 'pass.replayed';
      return { outcome: 'refused', reason: isReplayed ? 'replayed' : 'used_up' };
    }
    const endMs = Math.min(use.exp * 1000, nowMs + passPolicy.foreignEndMs);
    const now = new Date(nowMs).toISOString();
    await insertUse(tx, {
      ...{ ...key, gateway, id, gate, at, offline: taken, over, proof: use.proof },
      ...{ receivedAt: now, end: new Date(endMs).toISOString() },
    });
    const uses = before.uses + 1;
    if (over)
      await append(tx, {
        ...{ at: now, actor: 'system', site, action: 'pass_overused', reason: null, outcome: 'done' },
        subject: { kind: 'pass', id: jti },
        details: { gateway, gate, takenAt: at, uses, maxUses, revoked: isRevoked },
      });
    return { outcome: 'counted', uses, left: Math.max(0, maxUses - uses), over };
  });
}
