import { claimCodePolicy } from '../policy.ts';

/** What is known of an invitation. */
export interface Invitation {
  readonly id: string;
  readonly gateway: string;
  readonly expiresMs: number;
  readonly wrongSecrets: number;
  /** SHA-256 of the public key that used it; absent while it is unused. */
  readonly usedBy?: string | undefined;
}

/** Why a code is not accepted. For the log: whoever sent it always gets the same answer. */
export type ClaimFault = 'unknown' | 'locked' | 'secret' | 'expired' | 'revoked' | 'used';

/** Decides about a code before anything costly is done with the request that came with it. */
export function judgeClaimCode(
  invitation: Invitation | undefined,
  seen: { readonly secretMatches: boolean; readonly gatewayRevoked: boolean; readonly nowMs: number },
): ClaimFault | undefined {
  if (!invitation) return 'unknown';
  if (invitation.wrongSecrets >= claimCodePolicy.wrongSecrets) return 'locked';
  if (!seen.secretMatches) return 'secret';
  if (seen.nowMs >= invitation.expiresMs) return 'expired';
  return seen.gatewayRevoked ? 'revoked' : undefined;
}
