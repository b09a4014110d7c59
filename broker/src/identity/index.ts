export {
  authorityFolder,
  createAuthority,
  issueServerCertificate,
  openAuthority,
} from '../claims/authority-folder.ts';
export { ClaimRegister } from '../claims/claim-register.ts';
export { type ClaimService, startClaimService } from '../claims/claim-service.ts';
export { inviteGateway } from '../claims/invite.ts';
export { type RevocationTarget, readmit, revoke } from '../claims/revoke.ts';
export { Revocations } from '../domain/revocations.ts';
export { type TokenFault, type TokenKind, tokenClaimsSchema, tokenKinds } from '../domain/token-claims.ts';
export { isTopicFilter } from '../domain/topic-filter.ts';
export { issueToken, newTokenKey, publicTokenKey, type TokenSigningKey } from './issue-token.ts';
export { maxTokenBytes, standardLifeSeconds } from './policy.ts';
export { readRevocations } from './revocation-file.ts';
export { tokenKeySchema, tokensSchema } from './token-config.ts';
export { TokenVerifier } from './token-verifier.ts';
