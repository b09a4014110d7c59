import type { AuditAction, AuditDetails, AuditSubject } from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type SiteId, siteIdSchema } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { actorOf, type Person } from '../governance/person.ts';
import { partsOf } from '../store/department-store.ts';
import type { Queryable } from '../store/schema.ts';

/** Somebody asks, on sites on which they have the permission of the request. */
export interface Asking {
  readonly person: Person;
  readonly sites: readonly SiteId[];
}

/** The same about one thing. */
export interface AskingOne extends Asking {
  readonly id: string;
}

/** How the person belongs to the departments of these sites. */
export const partsFor = (db: Queryable, { person, sites }: Asking) => partsOf(db, sites, person.account);

/** @throws WatchpostError `response.not_dispatcher` */
export function assertDispatches(parts: ReadonlyMap<string, string>, department: string): void {
  if (parts.get(department) !== 'dispatch') throw new WatchpostError('response.not_dispatcher');
}

/** The id that a client made is that of another thing. */
export const idTaken = () =>
  new WatchpostError('api.invalid', { path: '/id', details: { expected: 'an id of its own' } });

/** Writes what was done into the audit log, in its transaction. */
export async function note(
  tx: Queryable,
  at: string,
  person: Person,
  {
    site,
    action,
    subject,
    reason = null,
    details = {},
  }: {
    readonly site: string;
    readonly action: AuditAction;
    readonly subject: AuditSubject;
    readonly reason?: string | null;
    readonly details?: AuditDetails;
  },
): Promise<void> {
  await append(tx, {
    ...{ at, actor: actorOf(person), site: siteIdSchema.parse(site), action, subject, reason, details },
    outcome: 'done',
  });
}
