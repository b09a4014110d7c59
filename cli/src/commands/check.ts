import { resolve } from 'node:path';
import { slowWithdrawalOf } from '@watchpost/contracts/site';
import { readServerFolder } from '@watchpost/service/server-folder';
import { inFull, mistakeLines } from '../mistake-lines.ts';
import { hasNoLinks, noLinksLine } from '../no-links-line.ts';
import { hardwareKinds } from '../server/hardware-kinds.ts';
import { serverFolderTexts } from '../server-folder-texts.ts';
import { slowWithdrawalLine } from '../slow-withdrawal-line.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';

export interface CheckOptions {
  /** A line of JSON a mistake; of what is none with `warning`. */
  readonly json: boolean;
  readonly lang?: string;
}

/**
 * `watchpost check DIR`: every mistake in the files of a server folder, with its line and what to do; and
 * what is allowed, but should not be overlooked. Exit code 0 when there is no mistake, 1 otherwise.
 */
export function checkCommand(
  folder: string,
  { json, lang }: CheckOptions,
  io: CommandIo = terminal,
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    const path = resolve(folder);
    const read = readServerFolder(path, hardwareKinds(), Date.now());
    const { mistakes, warnings, sites, unshown } = read;
    const isWithoutLinks = hasNoLinks(read.server.settings);
    const off = [...sites].flatMap(([site, { off: devices }]) => devices.map(({ id }) => `${site}/${id}`));
    const slow = [...sites].flatMap(([site, { file, site: read }]) => {
      const slowWithdrawal = read && slowWithdrawalOf(read.policy.permit);
      return slowWithdrawal ? [{ site, file, slowWithdrawal }] : [];
    });
    if (json) {
      for (const mistake of mistakes) io.out(`${JSON.stringify(mistake)}\n`);
      for (const [file, more] of unshown) io.out(`${JSON.stringify({ file, unshown: more })}\n`);
      for (const warning of warnings) io.out(`${JSON.stringify({ ...warning, warning: true })}\n`);
      for (const { file, slowWithdrawal } of slow) io.out(`${JSON.stringify({ file, slowWithdrawal })}\n`);
      if (isWithoutLinks) io.out(`${JSON.stringify({ file: 'server.yaml', noAcknowledgeLinks: true })}\n`);
      return mistakes.length === 0 ? 0 : 1;
    }
    const texts = serverFolderTexts(chinese);
    for (const mistake of mistakes) io.out(`${mistakeLines(inFull(mistake, path), { chinese })}\n`);
    if (mistakes.length === 0) io.out(`${texts.good}\n`);
    else io.out(`${texts.mistakes}: ${mistakes.length + sumOf(unshown.values())}\n`);
    for (const [file, more] of unshown) io.out(`${texts.more}: ${more} (${file})\n`);
    if (off.length > 0) io.out(`${texts.off}: ${off.join(', ')}\n`);
    if (warnings.length > 0) io.out(`${texts.warnings}: ${warnings.length}\n`);
    for (const warning of warnings) io.out(`${mistakeLines(warning, { chinese })}\n`);
    for (const { site, slowWithdrawal } of slow)
      io.out(`${slowWithdrawalLine(site, slowWithdrawal, chinese)}\n`);
    if (isWithoutLinks) io.out(`${noLinksLine(chinese)}\n`);
    return mistakes.length === 0 ? 0 : 1;
  });
}

const sumOf = (numbers: Iterable<number>): number => [...numbers].reduce((sum, each) => sum + each, 0);
