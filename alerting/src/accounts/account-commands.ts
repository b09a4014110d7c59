import { accountNameSchema, roleSchema } from '@watchpost/contracts/api';
import { parseWith, siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { z } from 'zod';
import { append } from '../governance/audit-log.ts';
import { everySite, scopesOf } from '../store/account-store.ts';
import type { Queryable } from '../store/schema.ts';
import { AccountLinks } from './account-links.ts';
import type { NewLink } from './link-secret.ts';
import { type ListedAccount, listAccounts, requireAccount } from './manage-accounts.ts';
import { type Changed, People } from './people.ts';

/** What `watchpost user …` asks of who has the database. */
export const accountCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('list') }),
  z.strictObject({
    command: z.literal('add'),
    name: accountNameSchema,
    role: roleSchema,
    /** Left out: every site. */
    sites: z.array(siteIdSchema).min(1).max(1_000).optional(),
    /** Of sites that are named, where only these zones are meant. */
    zones: z.record(siteIdSchema, z.array(zoneIdSchema).min(1).max(500)).optional(),
  }),
  z.strictObject({ command: z.literal('disable'), name: accountNameSchema }),
  /**
   * A new link of an account, which is let in again if it was disabled. Its password, second factors,
   * sessions and tokens end at once; the password of the last administrator stays until the link is used.
   */
  z.strictObject({ command: z.literal('reset'), name: accountNameSchema }),
  /** A link for the first administrator. */
  z.strictObject({ command: z.literal('link') }),
]);
export type AccountCommand = z.input<typeof accountCommandSchema>;

/** What comes back. */
export interface AccountAnswer {
  readonly accounts?: readonly ListedAccount[];
  readonly link?: NewLink;
}

/**
 * Does what a command asks. Every change is in the log, without secrets.
 * @throws WatchpostError `api.invalid`, `account.*`
 */
export async function runAccountCommand(
  request: unknown,
  { db, logger, nowMs }: { readonly db: Queryable; readonly logger: Logger; readonly nowMs: () => number },
): Promise<AccountAnswer> {
  const order = parseWith(accountCommandSchema, request, 'api.invalid');
  if (order.command === 'list') return { accounts: await listAccounts(db, nowMs()) };
  const answer = await change(order, { db, nowMs });
  const { command, ...about } = order;
  logger.warn({ audit: 'account', command, ...about }, 'an account was changed by command');
  return answer;
}

async function change(
  order: Exclude<z.output<typeof accountCommandSchema>, { command: 'list' }>,
  { db, nowMs }: { readonly db: Queryable; readonly nowMs: () => number },
): Promise<AccountAnswer> {
  const people = new People({ db, nowMs });
  switch (order.command) {
    case 'add': {
      const { name, role, sites = [everySite], zones = {} } = order;
      const scopes = scopesOf({ roles: Object.fromEntries(sites.map((site) => [site, role])), zones });
      return linkOf(await people.invite(byConsole, { name, kind: 'person', language: null, scopes }));
    }
    case 'disable':
      await people.disable(byConsole, (await requireAccount(db, order.name)).id);
      return {};
    case 'reset': {
      const { id, isDisabled } = await requireAccount(db, order.name);
      return linkOf(await (isDisabled ? people.enable(byConsole, id) : people.reset(byConsole, id)));
    }
    case 'link': {
      const link = await new AccountLinks(db, nowMs).issueFirst();
      await append(db, {
        ...{ at: new Date(nowMs()).toISOString(), actor: byConsole, site: null },
        ...{ action: 'link_made', subject: null, reason: null, outcome: 'done', details: { first: true } },
      });
      return { link };
    }
  }
}

const byConsole = 'server console';
const linkOf = ({ link }: Changed): AccountAnswer => (link ? { link } : {});
