export { type ClaimedIdentity, claimGateway, identityFiles, renewGateway } from './claim-gateway.ts';
