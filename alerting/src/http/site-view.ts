import type { AlertCounts } from '@watchpost/contracts/api';
import type { Instructions } from '@watchpost/contracts/site';
import type { GatewayRegistry } from '../health/gateway-registry.ts';
import type { SiteDirectory } from '../places/site-directory.ts';

/** What the API shows of one site beside what is in the store. */
export interface SiteView {
  readonly directory: SiteDirectory;
  readonly gateways: Pick<GatewayRegistry, 'all'>;
  /** What is to be done about which alert. */
  readonly instructions: Instructions;
  readonly counts: () => Promise<AlertCounts>;
}
