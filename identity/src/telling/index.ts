// The gateway door with what it tells. Loads X.509, an HTTP server and a client of the broker.

export type { SiteListPlaces } from './site-lists.ts';
export {
  type SiteToTell,
  type TellGatewaysOptions,
  type TellingDoor,
  tellGateways,
} from './tell-gateways.ts';
