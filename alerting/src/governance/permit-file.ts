import type { PermitContent } from '@watchpost/contracts/lists';
import type { SiteId } from '@watchpost/contracts/wire';

/**
 * Where the gateways of a site find what may be matched. What {@link publish} was given last holds, once it
 * returned; it replaces everything of before.
 */
export interface PermitSource {
  /** @throws WatchpostError where it could not be written; what was published before stays */
  publish(site: SiteId, content: PermitContent): Promise<void>;
}
