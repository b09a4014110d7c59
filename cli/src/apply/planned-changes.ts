import { join } from 'node:path';
import type { Mistake } from '@watchpost/contracts/site';
import {
  keptVersions,
  readRuleSet,
  readServerFolder,
  readSiteFile,
  readVersion,
  ruleSetPath,
  serverFileName,
} from '@watchpost/service/server-folder';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import type { SiteToRun } from '../server/open-server-folder.ts';
import { type SiteChanges, siteChanges } from './site-changes.ts';

/** What would happen if the files of a server folder were put into force. */
export interface PlannedChanges {
  readonly sites: readonly SiteChanges[];
  /** Sites and files that count from the next start. */
  readonly nextStart: readonly string[];
  /** Of all files; those outside of devices keep their site from being put into force. */
  readonly mistakes: readonly Mistake[];
  /** Sites that would not be put into force; `server.yaml` and `sites` where they could not. */
  readonly refused: readonly string[];
}

/**
 * Compares the files of a server folder with what is in force: the newest version that was kept. Changes
 * nothing.
 * @param folder absolute path
 */
export function plannedChanges(folder: string, nowMs: number): PlannedChanges {
  const profiles = hardwareKinds();
  const { server, sites, mistakes, secrets } = readServerFolder(folder, profiles, nowMs);
  const planned: SiteChanges[] = [];
  const nextStart: string[] = [];
  const refused: string[] = [];
  if (!server.settings) refused.push(serverFileName);
  if (sites.size === 0) refused.push('sites');
  const serverBefore = keptVersions(join(folder, serverFileName))[0];
  if (serverBefore && readVersion(serverBefore)?.digest !== server.digest) nextStart.push(serverFileName);
  for (const [id, { file, site, off, ruleSets }] of sites) {
    const [kept] = keptVersions(join(folder, file));
    const version = kept === undefined ? undefined : readVersion(kept);
    const before =
      version && readSiteFile(version.bytes, { file, id, profiles, nowMs, hasSecret: secrets.has });
    const name = site?.policy.risk.ruleSet;
    const ruleSet = name === undefined ? undefined : ruleSets.get(name)?.ruleSet;
    if (!site || (name !== undefined && !ruleSet)) refused.push(id);
    else if (!before?.site) nextStart.push(file);
    else {
      const was = toRun(before.site, before.off, keptRuleSet(folder, id, before.site));
      planned.push(siteChanges(was, toRun(site, off, ruleSet)));
    }
  }
  return { sites: planned, nextStart, mistakes, refused };
}

/** The rule set that a version of a site ran with: the newest one that was kept. */
function keptRuleSet(folder: string, id: string, { policy }: SiteToRun['site']): SiteToRun['ruleSet'] {
  const name = policy.risk.ruleSet;
  if (name === undefined) return undefined;
  const file = ruleSetPath(id, name);
  const [kept] = keptVersions(join(folder, file));
  const version = kept === undefined ? undefined : readVersion(kept);
  return version && readRuleSet(version.bytes, name, file).ruleSet;
}

const toRun = (site: SiteToRun['site'], off: SiteToRun['off'], ruleSet: SiteToRun['ruleSet']): SiteToRun => ({
  site,
  off,
  ...(ruleSet ? { ruleSet } : {}),
});
