import type { AlertCounts } from '@watchpost/contracts/api';
import type { Instructions, SitePrivacy } from '@watchpost/contracts/site';
import type { GatewayRegistry } from '../health/gateway-registry.ts';
import type { IncidentBook } from '../incidents/incident-book.ts';
import type { SiteDirectory } from '../places/site-directory.ts';

/** What the API shows of one site beside what is in the store. */
export interface SiteView {
  readonly directory: SiteDirectory;
  readonly gateways: Pick<GatewayRegistry, 'all'>;
  /** What is to be done about which alert. */
  readonly instructions: Instructions;
  /** What its file has on record of looking for faces. */
  readonly privacy: SitePrivacy;
  readonly counts: () => Promise<AlertCounts>;
  /** Its incidents. */
  readonly incidents: Pick<IncidentBook, 'tell'>;
}
