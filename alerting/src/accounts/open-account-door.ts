import { serveLocally } from '@watchpost/service';
import type { Logger } from 'pino';
import type { AlertingOptions } from '../config.ts';
import { isAuditCommand, runAuditCommand } from '../governance/audit-command.ts';
import type { Governance } from '../governance/governance.ts';
import { isListsCommand, runListsCommand } from '../governance/lists-command.ts';
import { isReplayCommand, ReplayJobs } from '../replay/replay-command.ts';
import type { Replays } from '../replay/replays.ts';
import type { Queryable } from '../store/schema.ts';
import type { Teardown } from '../teardown.ts';
import { runAccountCommand } from './account-commands.ts';
import { AccountLinks } from './account-links.ts';
import { hasAdministrator } from './manage-accounts.ts';

/**
 * Lets people get accounts where no configuration sets them: commands (also about the audit log, the lists
 * and replays) come over a local socket, and while there is no administrator a link makes the first one.
 * @returns the secret of that link
 * @throws WatchpostError `config.data_folder`
 */
export async function openAccountDoor(
  { accounts, firstLink, adminSocket }: Pick<AlertingOptions, 'accounts' | 'firstLink' | 'adminSocket'>,
  {
    port,
    governance,
    replays,
    ...around
  }: {
    readonly db: Queryable;
    readonly logger: Logger;
    readonly nowMs: () => number;
    readonly governance: Pick<Governance, 'rekey'>;
    readonly replays: Replays;
    /** Of the console, for links. */
    readonly port: number;
  },
  teardown: Teardown,
): Promise<string | undefined> {
  if (accounts) return undefined;
  if (adminSocket !== undefined) {
    const jobs = new ReplayJobs(replays);
    teardown.add(async () => jobs.stop());
    const answer = (request: unknown): Promise<object> => {
      if (isReplayCommand(request)) return jobs.answer(request);
      if (isListsCommand(request)) return runListsCommand(request, governance);
      return (isAuditCommand(request) ? runAuditCommand : runAccountCommand)(request, around);
    };
    const socket = await serveLocally(adminSocket, async (request) => ({ ...(await answer(request)), port }));
    teardown.add(() => socket.stop());
  }
  if (await hasAdministrator(around.db)) return undefined;
  const links = new AccountLinks(around.db, around.nowMs);
  if (firstLink && Date.parse(firstLink.expires) > around.nowMs()) await links.accept(firstLink);
  return (await links.issueFirst()).token;
}
