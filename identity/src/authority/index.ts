// What makes and keeps a site's authority, gives certificates out and takes them back. Loads X.509 and an
// HTTP server.
export { ClaimRegister } from '../claims/claim-register.ts';
export { type ClaimService, startClaimService } from '../claims/claim-service.ts';
export { inviteGateway } from '../claims/invite.ts';
export { type RevocationTarget, readmit, revoke } from '../revocations/revoke.ts';
export { authorityFolder } from './authority-files.ts';
export { createAuthority, issueServerCertificate, openAuthority } from './authority-folder.ts';
