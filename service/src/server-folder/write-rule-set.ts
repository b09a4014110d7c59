import { join } from 'node:path';
import type { NamedRuleSet, RuleSetFile } from '@watchpost/contracts/site';
import { stringify } from 'yaml';
import { makeFolders } from '../folder-lock.ts';
import { readRuleSet, ruleSetPath } from './read-rule-set.ts';
import { absent, readVersion, replaceVersion } from './versions.ts';

/**
 * Writes a rule set in place of what had its name; the version before is kept. It is in force where the site
 * file names it.
 * @throws WatchpostError `site.changed_meanwhile` if somebody writes the same one now, `site.busy`
 */
export async function writeRuleSet(
  folder: string,
  site: string,
  name: string,
  rules: RuleSetFile,
): Promise<NamedRuleSet | undefined> {
  const file = ruleSetPath(site, name);
  const path = join(folder, file);
  const text = stringify(rules, { lineWidth: 110 });
  makeFolders(join(folder, 'sites', site, 'rules'));
  await replaceVersion({ path, text, basedOn: readVersion(path)?.digest ?? absent });
  return readRuleSet(Buffer.from(text), name, file).ruleSet;
}
