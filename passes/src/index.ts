export { generateHolderKey, type HolderKey, presentPass } from './holder-proof.ts';
export { generateIssuerKey, publicPart } from './issuer-key.ts';
export { createKeyRing, gateKeys, type KeyRing, revokeKey, rotateKeys } from './key-ring.ts';
export { keyRingText, parseKeyRing } from './key-ring-text.ts';
export { issuePass, type VerifyPassOptions, verifyPass } from './pass.ts';
export { issuePlate, verifyPlate } from './plate.ts';
export {
  decideRedemption,
  type Redeemable,
  type Redemption,
  RedemptionLedger,
  type RedemptionResult,
} from './redemption-ledger.ts';
export {
  issueRevocationList,
  type RevocationList,
  type RevocationVerdict,
  verifyRevocationList,
} from './revocation-list.ts';
export type {
  IssuerKey,
  IssuerPublicKey,
  PassClaims,
  PassRejection,
  PassVerdict,
  PlateVerdict,
} from './verdict.ts';
