import { accountNameSchema, roleSchema } from '@watchpost/contracts/api';
import { parseWith, siteIdSchema } from '@watchpost/contracts/wire';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Queryable } from '../store/schema.ts';
import { AccountLinks } from './account-links.ts';
import type { NewLink } from './link-secret.ts';
import {
  addAccount,
  disableAccount,
  type ListedAccount,
  listAccounts,
  requireAccount,
} from './manage-accounts.ts';

/** What `watchpost user …` asks of who has the database. */
export const accountCommandSchema = z.discriminatedUnion('command', [
  z.strictObject({ command: z.literal('list') }),
  z.strictObject({
    command: z.literal('add'),
    name: accountNameSchema,
    role: roleSchema,
    /** Left out: every site. */
    sites: z.array(siteIdSchema).min(1).max(1_000).optional(),
  }),
  z.strictObject({ command: z.literal('disable'), name: accountNameSchema }),
  /** A new link of an account; its password stays until the link is used. */
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
  const links = new AccountLinks(db, nowMs);
  if (order.command === 'list') return { accounts: await listAccounts(db, nowMs()) };
  const answer = await change(order, db, links);
  const { command, ...about } = order;
  logger.warn({ audit: 'account', command, ...about }, 'an account was changed by command');
  return answer;
}

async function change(
  order: Exclude<z.output<typeof accountCommandSchema>, { command: 'list' }>,
  db: Queryable,
  links: AccountLinks,
): Promise<AccountAnswer> {
  switch (order.command) {
    case 'add':
      await addAccount(db, order);
      return { link: await links.issue(order.name) };
    case 'disable':
      await disableAccount(db, order.name);
      return {};
    case 'reset':
      await requireAccount(db, order.name);
      return { link: await links.issue(order.name) };
    case 'link':
      return { link: await links.issueFirst() };
  }
}
