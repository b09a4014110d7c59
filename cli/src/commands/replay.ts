import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { instantOf, onReplayStore, type ReplayCommand, type ReplayStep } from '@watchpost/alerting/replay';
import type { ReplayAnswer } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { describeSite, type NamedRuleSet } from '@watchpost/contracts/site';
import { adminSocketOf, askLocally } from '@watchpost/service';
import { currentRuleSet, readRuleSet, readServerFolder } from '@watchpost/service/server-folder';
import { pino } from 'pino';
import { newStoreTemplate, type ServerPlaces, serverPlaces, storeFolder } from '../backup/server-places.ts';
import { mistakeLines } from '../mistake-lines.ts';
import { replayLines } from '../replay-texts.ts';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import type { SiteToRun } from '../server/open-server-folder.ts';
import { takeDataFolder } from '../start/data-folder.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface ReplayOptions {
  /** A rule set’s file, `built-in`, or left out: the rules in force. */
  readonly rules?: string;
  readonly from: string;
  /** Left out: now. */
  readonly to?: string;
  /** Needed where the server has several. */
  readonly site?: string;
  readonly json: boolean;
  readonly lang?: string;
}

/**
 * `watchpost replay DIR --rules FILE --from --to`: which alerts would have appeared, vanished or been of
 * another severity under other rules, on a server that runs and on one that does not. Changes nothing. Exit
 * code 0 where nothing would have been another, 1 where something would, 2 for an error or mistakes in the
 * file.
 */
export function replayCommand(
  folder: string,
  options: ReplayOptions,
  io: CommandIo = terminal,
  nowMs = Date.now(),
): Promise<number> {
  return runCommand(io, options.lang, async ({ chinese }) => {
    const places = serverPlaces(folder, io.environment, nowMs);
    const site = siteOf(places, options.site, nowMs);
    const rules = rulesOf(options.rules);
    if (typeof rules === 'object' && 'mistakes' in rules) {
      for (const mistake of rules.mistakes)
        io.err(`${options.json ? JSON.stringify(mistake) : mistakeLines(mistake, { chinese })}\n`);
      return 2;
    }
    const { timeZone, id } = site.site;
    const instant = (name: 'from' | 'to', text: string): string => {
      const found = instantOf(text, timeZone);
      if (found !== undefined) return found;
      const details = { found: text.slice(0, 64), expected: '2026-01-31, 2026-01-31T08:00:00Z' };
      throw new WatchpostError('config.invalid', { path: `/--${name}`, details });
    };
    const answer = await answerOf(places, site, {
      ...{ command: 'replay', site: id },
      from: instant('from', options.from),
      to: options.to === undefined ? new Date(nowMs).toISOString() : instant('to', options.to),
      ...(rules === undefined ? { rules: 'in_force' } : rules === 'built_in' ? { rules } : rules),
    });
    io.out(options.json ? `${JSON.stringify(answer)}\n` : replayLines(answer, site.site, chinese));
    const { appear, vanish, change } = answer.alerts;
    return appear + vanish + change > 0 ? 1 : 0;
  });
}

/** @throws WatchpostError `config.invalid`, `site.*` where the site has mistakes */
function siteOf({ folder }: ServerPlaces, wanted: string | undefined, nowMs: number): SiteToRun {
  const { sites, mistakes } = readServerFolder(folder, hardwareKinds(), nowMs);
  const known = [...sites.keys()];
  const id = wanted ?? (known.length === 1 ? known[0] : undefined);
  const read = id === undefined ? undefined : sites.get(id);
  if (id === undefined || !read) {
    const found = wanted === undefined ? {} : { found: wanted };
    const details = { ...found, expected: known.join(', ') };
    throw new WatchpostError('config.invalid', { path: '/--site', details });
  }
  const { site, off } = read;
  if (!site) {
    const mistake = mistakes.find(({ file }) => file === read.file);
    throw new WatchpostError(mistake?.code ?? 'site.unreadable', { path: read.file });
  }
  const name = site.policy.risk.ruleSet;
  const ruleSet = name === undefined ? undefined : currentRuleSet(folder, id, name);
  return { site, off, ...(ruleSet ? { ruleSet } : {}) };
}

type Rules = 'built_in' | NamedRuleSet | Pick<ReturnType<typeof readRuleSet>, 'mistakes'> | undefined;

function rulesOf(file: string | undefined): Rules {
  if (file === undefined) return undefined;
  if (file === 'built-in') return 'built_in';
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(file));
  } catch (cause) {
    throw new WatchpostError('site.unreadable', { path: file, cause });
  }
  const { ruleSet, mistakes } = readRuleSet(bytes, basename(file).replace(/\.ya?ml$/, ''), file);
  return ruleSet ?? { mistakes };
}

/** Of the server that runs, else from its database. */
async function answerOf(
  { data: dataFolder, databaseUrl }: ServerPlaces,
  { site, off, ruleSet }: SiteToRun,
  command: ReplayCommand,
): Promise<ReplayAnswer> {
  const socket = adminSocketOf(dataFolder);
  const first = await askLocally(socket, command);
  if (first) {
    for (let step = first.value as ReplayStep; ; ) {
      if (step.answer) return step.answer;
      const next = await askLocally(socket, { command: 'replay', job: step.job });
      if (!next) throw new WatchpostError('local.no_answer');
      step = next.value as ReplayStep;
    }
  }
  const data = takeDataFolder(dataFolder);
  try {
    const template = databaseUrl === undefined ? await newStoreTemplate() : undefined;
    const embedded = { kind: 'embedded' as const, folder: storeFolder(dataFolder) };
    const store =
      databaseUrl === undefined
        ? { ...embedded, ...(template ? { template } : {}) }
        : { kind: 'server' as const, url: databaseUrl };
    const options = { site: describeSite(site, off), policy: site.policy, ...(ruleSet ? { ruleSet } : {}) };
    return await onReplayStore(store, { logger: pino({ level: 'silent' }) }, options, command);
  } finally {
    data.release();
  }
}
