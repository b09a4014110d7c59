import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Mistake,
  type NamedRuleSet,
  type RuleSetFile,
  ruleSetFileSchema,
  ruleSetNameSchema,
} from '@watchpost/contracts/site';
import { mistakesOf } from './explain-issues.ts';
import { shown } from './read-site-file.ts';
import { readVersion } from './versions.ts';
import { readYaml } from './yaml-file.ts';

/** What a rule set’s file says. */
export interface ReadRuleSet {
  /** Absent where anything has a mistake. */
  readonly ruleSet: NamedRuleSet | undefined;
  /** In the order of the file, at most the policy’s number. */
  readonly mistakes: readonly Mistake[];
  /** How many more there are. */
  readonly unshown: number;
}

/** Where the rule sets of a site are, from the server folder. */
const rulesFolderPath = (site: string): string => join('sites', site, 'rules');
/** Where a rule set of a site is. */
export const ruleSetPath = (site: string, name: string): string =>
  join(rulesFolderPath(site), `${name}.yaml`);

/** Names of all rule sets of a site that have a file, in order. */
export const ruleSetNames = (folder: string, site: string): string[] =>
  namesIn(join(folder, rulesFolderPath(site)), /^([^.].*)\.yaml$/);

/** Names of the rule sets of a site of which versions are kept. */
export const keptRuleSetNames = (folder: string, site: string): string[] =>
  namesIn(join(folder, rulesFolderPath(site), '.versions'), /^([^.].*)\.yaml\.kept-\d+$/);

function namesIn(folder: string, pattern: RegExp): string[] {
  try {
    return [...new Set(readdirSync(folder).flatMap((name) => pattern.exec(name)?.[1] ?? []))].toSorted();
  } catch {
    return [];
  }
}

/**
 * Reads a rule set: any mistake makes it one that is not put into force.
 * @param name that of its file
 * @param file its path, for its mistakes
 */
export function readRuleSet(bytes: Uint8Array, name: string, file: string): ReadRuleSet {
  const { value, positionOf, mistakes, unshown } = readYaml(bytes, file);
  if (mistakes.length > 0) return { ruleSet: undefined, mistakes, unshown };
  const parsed = ruleSetFileSchema.safeParse(value);
  const found = parsed.success
    ? []
    : mistakesOf(parsed.error.issues, { file, schema: ruleSetFileSchema, value, positionOf });
  const start = { file, line: 1, column: 1, path: '/' };
  if (!ruleSetNameSchema.safeParse(name).success)
    found.push({
      code: 'site.format',
      ...start,
      details: { found: name, expected: '[A-Za-z0-9_-]{1,18}.yaml' },
    });
  if (!parsed.success || found.length > 0) return { ruleSet: undefined, ...shown(found) };
  return { ruleSet: { id: ruleSetId(name, parsed.data), rules: parsed.data }, mistakes: [], unshown: 0 };
}

/** A rule set as its file is now; undefined where it is not there, or not good. */
export function currentRuleSet(folder: string, site: string, name: string): NamedRuleSet | undefined {
  const file = ruleSetPath(site, name);
  const version = readVersion(join(folder, file));
  return version && readRuleSet(version.bytes, name, file).ruleSet;
}

/**
 * A rule set is another one when it judges differently: neither a comment, nor a note, nor the order in which
 * it is written counts.
 */
function ruleSetId(name: string, { note: _, ...rules }: RuleSetFile): string {
  const digest = createHash('sha256')
    .update(JSON.stringify(sorted(rules)))
    .digest('hex');
  return `${name}@${digest.slice(0, 12)}`;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, sorted(inner)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
