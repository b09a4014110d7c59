import type { AlertCounts } from '@watchpost/contracts/api';
import type { GatewayRegistry } from '../health/gateway-registry.ts';
import type { SiteDirectory } from '../places/site-directory.ts';

/** What the API shows of one site beside what is in the store. */
export interface SiteView {
  readonly directory: SiteDirectory;
  readonly gateways: Pick<GatewayRegistry, 'all'>;
  readonly counts: () => Promise<AlertCounts>;
}
