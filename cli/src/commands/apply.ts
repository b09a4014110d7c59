import { resolve } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { applyTexts } from '../apply/apply-texts.ts';
import { changeLines } from '../apply/change-lines.ts';
import type { AppliedSites } from '../apply/site-applier.ts';
import { mistakeLines } from '../mistake-lines.ts';
import { askToApply } from '../server/ask-to-apply.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { restartCode } from './restart-code.ts';

export interface ApplyOptions {
  /** One line of JSON. */
  readonly json: boolean;
  readonly lang?: string;
}

/**
 * `watchpost apply DIR`: lets the server that runs with this folder put its files into force now, and says
 * what was restarted. Exit code 0 when everything is in force, 1 when mistakes keep a site from it, 2 with
 * `site.not_running` when no server runs, 3 when something counts only after a restart of the server.
 */
export function applyCommand(
  folder: string,
  { json, lang }: ApplyOptions,
  io: CommandIo = terminal,
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    const path = resolve(folder);
    const answer = await askToApply(path, io.environment);
    if (!answer) throw new WatchpostError('site.not_running', { path });
    const { sites, broken, nextStart } = answer.value as AppliedSites;
    const code = broken.length > 0 ? 1 : restartCode(nextStart);
    if (json) {
      io.out(`${JSON.stringify(answer.value)}\n`);
      return code;
    }
    const texts = applyTexts(chinese);
    for (const { mistake } of broken) io.out(`${mistakeLines(mistake, { chinese })}\n`);
    io.out(changeLines(sites, nextStart, chinese));
    if (broken.length > 0)
      io.out(`${texts.refused}: ${broken.map(({ site, mistake }) => site ?? mistake.file).join(', ')}\n`);
    else io.out(`${nextStart.length > 0 ? texts.appliedInPart : texts.applied}\n`);
    return code;
  });
}
