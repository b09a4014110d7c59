import type { ErrorCode } from '@watchpost/contracts/errors';
import type { Policy } from '@watchpost/contracts/wire';

/** What may be matched and accepted, since and until when: of a permit, or of a policy in its older form. */
export interface PermitInForce extends Pick<Policy, 'issued' | 'expires' | 'access' | 'passes'> {
  readonly gallery: {
    readonly digest: string | null;
    readonly withdrawn: readonly string[];
    /**
     * Galleries of the permits before this one, each until its permit would have ended: they go on, less what
     * is withdrawn, while the one above is fetched.
     */
    readonly before?: readonly FormerGallery[];
  };
}

/** A gallery that a permit named which was replaced by a newer one. */
export interface FormerGallery {
  readonly digest: string;
  /** Of that permit, RFC 3339. */
  readonly expires: string;
}

/** Former galleries are remembered for a permit’s life; more changes than this within it are not followed. */
const formerAtMost = 8;

/** What a newer permit leaves of the galleries before it: nothing where it lets nothing be matched. */
export function formerGalleries(
  before: PermitInForce | null,
  next: { readonly digest: string | null },
): readonly FormerGallery[] {
  if (!before || before.gallery.digest === null || next.digest === null) return [];
  const former = before.gallery.before ?? [];
  const { digest } = before.gallery;
  if (digest === next.digest) return former;
  const others = former.filter((one) => one.digest !== digest && one.digest !== next.digest);
  return [{ digest, expires: before.expires }, ...others].slice(0, formerAtMost);
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
  const { digest, before = [] } = policy.gallery;
  if (digest === null) return { allowed: false, error: 'edge.gallery_missing' };
  if (digest === galleryDigest) return { allowed: true };
  const isFormer = before.some(
    (former) => former.digest === galleryDigest && Date.parse(former.expires) > nowMs,
  );
  return isFormer ? { allowed: true } : { allowed: false, error: 'edge.gallery_mismatch' };
}
