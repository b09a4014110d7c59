import { resolve } from 'node:path';
import { applyTexts } from '../apply/apply-texts.ts';
import { changeLines } from '../apply/change-lines.ts';
import { plannedChanges } from '../apply/planned-changes.ts';
import { inFull, mistakeLines } from '../mistake-lines.ts';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { restartCode } from './restart-code.ts';

export interface PlanOptions {
  /** One line of JSON. */
  readonly json: boolean;
  readonly lang?: string;
}

/**
 * `watchpost plan DIR`: what putting the files into force would restart, and what it would leave untouched.
 * Changes nothing. Exit code 0 when they can be put into force, 1 when mistakes keep a file from it, or there
 * is no site, 3 when something counts only after a restart of the server.
 */
export function planCommand(
  folder: string,
  { json, lang }: PlanOptions,
  io: CommandIo = terminal,
): Promise<number> {
  return runCommand(io, lang, async ({ chinese }) => {
    const path = resolve(folder);
    const planned = plannedChanges(path, Date.now());
    const { sites, nextStart, mistakes, refused } = planned;
    const code = refused.length > 0 ? 1 : restartCode(nextStart);
    if (json) {
      io.out(`${JSON.stringify(planned)}\n`);
      return code;
    }
    for (const mistake of mistakes) io.out(`${mistakeLines(inFull(mistake, path), { chinese })}\n`);
    io.out(changeLines(sites, nextStart, chinese));
    if (refused.length > 0) io.out(`${applyTexts(chinese).refused}: ${refused.join(', ')}\n`);
    return code;
  });
}
