import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Policy } from '@watchpost/contracts/wire';

/** What may be matched and accepted, and until when: of a permit, or of a policy in its older form. */
export interface PermitInForce extends Pick<Policy, 'expires' | 'access' | 'passes'> {
  readonly gallery: { readonly digest: string | null; readonly withdrawn: readonly string[] };
}

/** Whether faces may be matched now, and if not, why. */
export type MatchingPermit =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly error: ErrorCode };

/**
 * Privacy rule 2: without a policy in force nothing is matched. `galleryDigest` is the SHA-256 of the gallery
 * file in use.
 * @param nowMs the server's time as well as the gateway knows it.
 */
export function permitMatching(
  policy: PermitInForce | null,
  required: boolean,
  galleryDigest: string,
  nowMs: number,
): MatchingPermit {
  if (!policy) return required ? { allowed: false, error: 'edge.policy_missing' } : { allowed: true };
  if (!(Date.parse(policy.expires) > nowMs)) return { allowed: false, error: 'edge.policy_expired' };
  if (policy.gallery.digest !== galleryDigest) return { allowed: false, error: 'edge.gallery_mismatch' };
  return { allowed: true };
}
