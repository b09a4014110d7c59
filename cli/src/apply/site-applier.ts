import type { Mistake } from '@watchpost/contracts/site';
import { type SiteInForce, siteFilePath } from '@watchpost/service/server-folder';
import type { Logger } from 'pino';
import type { SiteToRun } from '../server/open-server-folder.ts';
import { isSame, type SiteChanges, siteChanges } from './site-changes.ts';

/** A file with a mistake. */
export interface BrokenFile {
  /** Its site; absent for `server.yaml`. */
  readonly site?: string;
  readonly mistake: Mistake;
}

/** What came of putting the files of a server folder into force. */
export interface AppliedSites {
  /** Each site that runs; those for which nothing changed are among them. */
  readonly sites: readonly SiteChanges[];
  /** The version before goes on. */
  readonly broken: readonly BrokenFile[];
  /** In force without the devices that have mistakes; of each file the first. */
  readonly devicesOff: readonly BrokenFile[];
  /** Files and sites that count from the next start only. */
  readonly nextStart: readonly string[];
}

export interface SiteApplierOptions {
  /** The sites that run. */
  readonly running: ReadonlyMap<string, SiteToRun>;
  /** Reads the version of a site to put into force now; the version is kept. */
  readonly look: (site: string) => Pick<SiteInForce, 'mistakes' | 'isKept'> & { readonly site?: SiteToRun };
  /** What is wrong in `server.yaml` now, which counts from the next start. */
  readonly lookAtServer: () => readonly Mistake[];
  /** Makes it so. */
  readonly put: (sites: ReadonlyMap<string, SiteToRun>, changes: readonly SiteChanges[]) => Promise<void>;
  /** What cannot be applied while the server runs. */
  readonly nextStart: () => readonly string[];
  /** Told what came of it after each time. */
  readonly onApplied: (applied: AppliedSites) => void;
  readonly logger: Logger;
}

/**
 * Puts what the site files of a running server say into force, one time after the other. A site that is
 * broken goes on as it is, and that is told until it is mended.
 */
export class SiteApplier {
  readonly #options: SiteApplierOptions;
  #inForce: ReadonlyMap<string, SiteToRun>;
  #last: Promise<AppliedSites | undefined> = Promise.resolve(undefined);
  #underWay = 0;

  constructor(options: SiteApplierOptions) {
    this.#options = options;
    this.#inForce = options.running;
  }

  /**
   * Looks at all site files now. Whoever asks while they are being applied already is told what came of that,
   * too: the file was saved, and taken up, a moment ago.
   */
  async apply(): Promise<AppliedSites> {
    const before = this.#underWay > 0 ? this.#last : undefined;
    this.#underWay++;
    const applied = this.#last.then(() => this.#apply());
    this.#last = applied.catch(() => undefined);
    try {
      return withEarlier(await applied, await before);
    } finally {
      this.#underWay--;
    }
  }

  /** What runs of a site. */
  inForce(site: string): SiteToRun | undefined {
    return this.#inForce.get(site);
  }

  async #apply(): Promise<AppliedSites> {
    const { look, lookAtServer, put, nextStart, onApplied, logger } = this.#options;
    const next = new Map(this.#inForce);
    const [ofServer] = lookAtServer();
    const broken: BrokenFile[] = ofServer ? [{ mistake: ofServer }] : [];
    const devicesOff: BrokenFile[] = [];
    const sites: SiteChanges[] = [];
    for (const [id, before] of this.#inForce) {
      const found = look(id);
      const [mistake] = found.mistakes.filter(({ path }) => !path.startsWith('/devices/'));
      const [ofDevice] = found.mistakes;
      // A file with such a mistake is not in force, whatever version was found instead.
      const isBroken = found.isKept || !found.site;
      // Of a rule set an earlier version goes on while the site file itself is put into force.
      const isOfRules = mistake !== undefined && mistake.file !== siteFilePath(id);
      if ((isBroken || isOfRules) && mistake) broken.push({ site: id, mistake });
      if (!isBroken && !isOfRules && ofDevice) devicesOff.push({ site: id, mistake: ofDevice });
      const after = isBroken || !found.site ? before : found.site;
      next.set(id, after);
      sites.push(siteChanges(before, after));
    }
    const changes = sites.filter((each) => !isSame(each));
    if (changes.length > 0) {
      await put(next, changes);
      this.#inForce = next;
      logger.info({ changes }, 'sites applied');
    }
    const applied = { sites, broken, devicesOff, nextStart: nextStart() };
    onApplied(applied);
    return applied;
  }
}

/** What changed at a site just before stands for one at which nothing changed now. */
function withEarlier(now: AppliedSites, before: AppliedSites | undefined): AppliedSites {
  const earlier = new Map(before?.sites.map((each) => [each.site, each]));
  return {
    ...now,
    sites: now.sites.map((each) => (isSame(each) ? (earlier.get(each.site) ?? each) : each)),
  };
}
