import { join } from 'node:path';
import type {
  RulesRequest,
  RulesWritten,
  SiteApplied,
  SiteEdit,
  SiteEditsRequest,
  SiteFileView,
  SitePlan,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { builtInRuleSetId, type Mistake, type SiteFile } from '@watchpost/contracts/site';
import { jsonPointer, type SiteId } from '@watchpost/contracts/wire';
import {
  currentRuleSet,
  editYaml,
  keptVersions,
  type ReadSite,
  readSiteFile,
  readVersion,
  readYaml,
  replaceVersion,
  ruleSetNames,
  ruleSetPath,
  secretFolder,
  siteFilePath,
  writeRuleSet,
} from '@watchpost/service/server-folder';
import { isSame, siteChanges } from '../apply/site-changes.ts';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import type { SiteToRun } from '../server/open-server-folder.ts';
import { siteFilesPolicy } from './policy.ts';
import { namedIn, secretNames, shownValue } from './shown-value.ts';
import { keepSecret, secretPrefix, secretsIn } from './site-secrets.ts';

export interface SiteFilesOptions {
  /** The server folder. */
  readonly folder: string;
  /** What runs of a site; undefined for one that does not. */
  readonly inForce: (site: string) => SiteToRun | undefined;
  readonly nowMs: () => number;
}

/** A change as it would be written. */
interface Draft {
  readonly text: string;
  readonly read: ReadSite;
}

/**
 * The site files of a running server, for whoever edits them by program: read, planned and changed by the
 * same rules as at the command line. Nothing is put into force here.
 */
export class SiteFiles {
  readonly #options: SiteFilesOptions;
  /** Texts that were read lately, by their digests. */
  readonly #remembered = new Map<string, string>();

  constructor(options: SiteFilesOptions) {
    this.#options = options;
  }

  /** @throws WatchpostError `api.not_found`, `site.unreadable` */
  read(site: SiteId): SiteFileView {
    const running = this.#running(site);
    const { bytes, digest, writtenMs } = this.#version(site);
    this.#remember(digest, bytes.toString('utf8'));
    const read = this.#check(site, bytes);
    const { value } = readYaml(bytes, siteFilePath(site));
    const named = new Set(secretNames(value).map(({ name }) => name));
    const own = (name: string) => name.startsWith(secretPrefix(site)) || named.has(name);
    return {
      site,
      digest,
      writtenAt: new Date(writtenMs).toISOString(),
      inForce:
        read.site !== undefined && isSame(siteChanges(running, this.#toRun(running, read.site, read.off))),
      value: isRecord(value) ? (shownValue(value) as Record<string, unknown>) : null,
      ...told(read),
      secrets: secretsIn(this.#options.folder).filter(own),
    };
  }

  /** @throws WatchpostError as `apply`, but neither `site.edit_refused` nor `site.busy` */
  plan(site: SiteId, { basedOn, edits }: SiteEditsRequest): SitePlan {
    const running = this.#running(site);
    const { bytes, digest } = this.#version(site);
    if (digest !== basedOn) throw new WatchpostError('site.changed_meanwhile', { path: siteFilePath(site) });
    return this.#planOf(running, this.#draft(site, bytes.toString('utf8'), edits).read);
  }

  /**
   * @throws WatchpostError `site.changed_meanwhile`, `site.edit_refused`, `site.secret_of_others`,
   *   `site.cannot_edit`, `site.too_large`, `site.busy`, `api.not_found`
   */
  async apply(site: SiteId, { basedOn, edits }: SiteEditsRequest): Promise<SiteApplied> {
    const running = this.#running(site);
    const { bytes, digest } = this.#version(site);
    const path = join(this.#options.folder, siteFilePath(site));
    const text = digest === basedOn ? bytes.toString('utf8') : this.#earlier(site, basedOn);
    if (text === undefined) throw new WatchpostError('site.changed_meanwhile', { path: siteFilePath(site) });
    const draft = this.#draft(site, text, edits);
    // What came too late is kept beside the file whatever is wrong with it.
    if (digest === basedOn) assertApplies(draft.read);
    const next = await replaceVersion({ path, text: draft.text, basedOn });
    return { ...this.#planOf(running, draft.read), outcome: 'applies', digest: next };
  }

  /**
   * The rule set first: a site file never names one that is not there.
   * @throws WatchpostError `site.changed_meanwhile`, `site.cannot_edit`, `site.busy`, `api.not_found`
   */
  async writeRules(site: SiteId, { basedOn, name, rules }: RulesRequest): Promise<RulesWritten> {
    const running = this.#running(site);
    if ((running.ruleSet?.id ?? builtInRuleSetId) !== basedOn)
      throw new WatchpostError('site.changed_meanwhile', { path: ruleSetPath(site, name) });
    const written = await writeRuleSet(this.#options.folder, site, name, rules);
    if (!written) throw new WatchpostError('site.cannot_edit', { path: ruleSetPath(site, name) });
    const { digest, bytes } = this.#version(site);
    if (this.#check(site, bytes).site?.policy.risk.ruleSet !== name)
      await this.apply(site, {
        basedOn: digest,
        edits: [{ path: ['policy', 'risk', 'ruleSet'], value: name }],
      });
    return { ruleSet: written.id };
  }

  /** @throws WatchpostError `api.not_found`, `config.data_folder` */
  keepSecret(site: SiteId, name: string, value: string): { readonly secret: string } {
    this.#running(site);
    return { secret: keepSecret(this.#options.folder, site, name, value) };
  }

  #running(site: string): SiteToRun {
    const running = this.#options.inForce(site);
    if (!running) throw new WatchpostError('api.not_found', { path: '/site' });
    return running;
  }

  #version(site: string) {
    const version = readVersion(join(this.#options.folder, siteFilePath(site)));
    if (!version) throw new WatchpostError('site.unreadable', { path: siteFilePath(site) });
    return version;
  }

  #draft(site: string, text: string, edits: readonly SiteEdit[]): Draft {
    const file = siteFilePath(site);
    const written = edits.map(({ path, value }) => ({ path, value }));
    const next = editYaml(text, file, written, siteFilesPolicy.editedBytes);
    assertOwnSecrets(site, edits, () => readYaml(Buffer.from(text), file).value);
    return { text: next, read: this.#check(site, Buffer.from(next)) };
  }

  #planOf(running: SiteToRun, read: ReadSite): SitePlan {
    if (!read.site) return { ...told(read), outcome: 'refused', changes: null };
    const { alerting, permits, slowWithdrawal, gateways, untouched } = siteChanges(
      running,
      this.#toRun(running, read.site, read.off),
    );
    return {
      ...told(read),
      outcome: 'applies',
      changes: {
        ...{ alerting, permits },
        ...(slowWithdrawal ? { slowWithdrawal } : {}),
        gateways: gateways.map(({ gateway, changed, added, gone, kept }) => ({
          gateway: gateway as SitePlanGateway,
          ...{ changed: [...changed], added: [...added], gone: [...gone], kept: [...kept] },
        })),
        untouched: untouched as SitePlanGateway[],
      },
    };
  }

  /** A rule set that is broken now is not put into force: the one that runs goes on. */
  #toRun(running: SiteToRun, site: SiteFile, off: ReadSite['off']): SiteToRun {
    const name = site.policy.risk.ruleSet;
    if (name === undefined) return { site, off };
    const same = running.site.policy.risk.ruleSet === name ? running.ruleSet : undefined;
    const ruleSet = currentRuleSet(this.#options.folder, site.id, name) ?? same;
    return { site, off, ...(ruleSet ? { ruleSet } : {}) };
  }

  #check(site: string, bytes: Uint8Array): ReadSite {
    const { folder, nowMs } = this.#options;
    return readSiteFile(bytes, {
      ...{ file: siteFilePath(site), id: site, profiles: hardwareKinds(), nowMs: nowMs() },
      hasSecret: secretFolder(join(folder, 'secrets')).has,
      ruleSets: ruleSetNames(folder, site),
    });
  }

  /** A version from which a change was made that comes too late. */
  #earlier(site: string, digest: string): string | undefined {
    const remembered = this.#remembered.get(digest);
    if (remembered !== undefined) return remembered;
    for (const kept of keptVersions(join(this.#options.folder, siteFilePath(site)))) {
      const version = readVersion(kept);
      if (version?.digest === digest) return version.bytes.toString('utf8');
    }
    return undefined;
  }

  #remember(digest: string, text: string): void {
    this.#remembered.delete(digest);
    this.#remembered.set(digest, text);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > siteFilesPolicy.versionsRemembered && oldest !== undefined)
      this.#remembered.delete(oldest);
  }
}

/**
 * What an edit names that is neither of this site nor in the file already is another’s.
 * @throws WatchpostError `site.secret_of_others`
 */
function assertOwnSecrets(site: string, edits: readonly SiteEdit[], before: () => unknown): void {
  const others = edits
    .flatMap(({ path, value }) => namedIn(value, path))
    .filter(({ name }) => !name.startsWith(secretPrefix(site)));
  if (others.length === 0) return;
  const known = new Set(secretNames(before()).map(({ name }) => name));
  const foreign = others.find(({ name }) => !known.has(name));
  if (foreign)
    throw new WatchpostError('site.secret_of_others', {
      path: jsonPointer(foreign.path),
      details: { found: foreign.name, expected: `${secretPrefix(site)}…` },
    });
}

type SitePlanGateway = NonNullable<SitePlan['changes']>['untouched'][number];

function assertApplies({ site, mistakes }: ReadSite): void {
  if (site) return;
  const first = mistakes.find(({ path }) => !path.startsWith('/devices/')) ?? mistakes[0];
  throw new WatchpostError('site.edit_refused', {
    path: first?.path ?? '/',
    ...(first ? { details: { mistake: first.code, line: first.line, column: first.column } } : {}),
  });
}

const told = ({ mistakes, unshown, warnings }: ReadSite) => ({
  mistakes: mistakes.map(asTold),
  unshown,
  warnings: warnings.map(asTold),
});

const asTold = ({ code, line, column, path, details }: Mistake) => ({
  ...{ code, line, column, path, section: path.split('/')[1] ?? '' },
  details: { ...details },
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
