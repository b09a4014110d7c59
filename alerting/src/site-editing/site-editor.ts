import type {
  RulesRequest,
  RulesWritten,
  SiteApplied,
  SiteEditsRequest,
  SiteFileView,
  SitePlan,
} from '@watchpost/contracts/api';
import type { SiteId } from '@watchpost/contracts/wire';

/**
 * Whoever owns the site files. Who may do what is decided before it is asked. Every call may throw
 * `site.editor_away`; it can be repeated then.
 */
export interface SiteEditor {
  /** @throws WatchpostError `api.not_found`, `site.unreadable` */
  read(site: SiteId): Promise<SiteFileView>;
  /**
   * What would come of a change; writes nothing.
   * @throws WatchpostError as {@link SiteEditor.apply}, but neither `site.edit_refused` nor `site.busy`; of a
   *   file that changed meanwhile nothing is kept
   */
  plan(site: SiteId, change: SiteEditsRequest): Promise<SitePlan>;
  /**
   * Writes a change; comments stay, and the version before is kept.
   * @throws WatchpostError `site.changed_meanwhile` (both versions are kept), `site.edit_refused` with the
   *   place of the first mistake, `site.secret_of_others`, `site.cannot_edit`, `site.too_large`, `site.busy`
   */
  apply(site: SiteId, change: SiteEditsRequest): Promise<SiteApplied>;
  /**
   * Writes a secret of the site, in place of what it was; nothing reads it back.
   * @returns how the site file names it
   */
  keepSecret(site: SiteId, name: string, value: string): Promise<{ readonly secret: string }>;
  /**
   * Writes a rule set and makes the site file name it; the versions before are kept.
   * @throws WatchpostError `site.changed_meanwhile` where other rules are in force than those that it was
   *   made from, `site.cannot_edit`, `site.busy`
   */
  writeRules(site: SiteId, change: RulesRequest): Promise<RulesWritten>;
  /** Puts what is on the disk into force, which may start the caller again: so after its own answer. */
  putIntoForce(): Promise<void>;
}
