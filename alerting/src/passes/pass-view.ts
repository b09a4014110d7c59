import type { ListedPass, PassState } from '@watchpost/contracts/api';
import type { StoredPass } from '../store/pass-store.ts';

/** What a pass is now. */
export function stateOf(
  {
    revoked,
    notBefore,
    notAfter,
    uses,
    maxUses,
    heldAt,
  }: Pick<StoredPass, 'revoked' | 'notBefore' | 'notAfter' | 'uses' | 'maxUses' | 'heldAt'>,
  nowMs: number,
): PassState {
  if (revoked) return 'revoked';
  if (Date.parse(notAfter) <= nowMs) return 'expired';
  if (uses >= maxUses) return 'used_up';
  if (heldAt !== null) return 'held';
  return Date.parse(notBefore) > nowMs ? 'waiting' : 'valid';
}

/** Whether a pass opens a gate now or will. */
export const isGood = (pass: Parameters<typeof stateOf>[0], nowMs: number): boolean =>
  ['waiting', 'valid'].includes(stateOf(pass, nowMs));

/** A pass as it stands in a list. */
export function toListedPass(pass: StoredPass, nowMs: number): ListedPass {
  const { site, id, gates, purpose, reference, address, notBefore, notAfter, maxUses, uses, over } = pass;
  return {
    ...{ site, id, purpose, reference, address, notBefore, notAfter, maxUses, uses, over },
    gates: [...gates],
    state: stateOf(pass, nowMs),
    issuedAt: pass.issuedAt,
    issuedBy: pass.issuer.name,
  };
}
