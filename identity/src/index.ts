// What every service needs that must know who somebody is. What makes authorities and certificates is
// `@watchpost/identity/authority`.
export {
  type CertificateFault,
  gatewayOfCertificate,
  type PeerCertificate,
} from './authority/gateway-certificate.ts';
export { peerCertificate } from './authority/peer-certificate.ts';
export { TrustedAuthorities, type TrustedAuthority } from './authority/trusted-authorities.ts';
export { type Authenticated, type Credential, nameOf, type Standing } from './credential.ts';
export { maxTokenBytes, standardLifeSeconds } from './policy.ts';
export {
  type RevocationEvents,
  RevocationFile,
  readRevocations,
  writeRevocations,
} from './revocations/revocation-file.ts';
export { Revocations } from './revocations/revocations.ts';
export {
  issueToken,
  newTokenKey,
  publicTokenKey,
  type TokenOrder,
  type TokenSigningKey,
} from './tokens/issue-token.ts';
export { type TokenFault, type TokenKind, tokenClaimsSchema, tokenKinds } from './tokens/token-claims.ts';
export { tokenKeySchema, tokensSchema } from './tokens/token-config.ts';
export { TokenVerifier } from './tokens/token-verifier.ts';
