import { type Account, type accountQuerySchema, accountSchema } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { z } from 'zod';
import { rightsOf, type SiteRoles, scopesColumn, toScopes } from './account-store.ts';
import { isByProviderColumn } from './factor-store.ts';
import type { Queryable } from './schema.ts';

/** Which accounts. */
export interface AccountList extends Partial<z.output<typeof accountQuerySchema>> {
  readonly limit: number;
  /** Only this one. */
  readonly id?: string;
  /** RFC 3339: sessions and tokens that ended by then do not count. */
  readonly now: string;
  /** Whether one of these roles demands a second factor. */
  readonly factorRequired: (roles: SiteRoles) => boolean;
}

/** `like` takes `%`, `_` and `\` for what they are not. */
const literally = (text: string): string => text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);

function matching(db: Queryable, { search, kind, id }: AccountList) {
  let query = db.selectFrom('account');
  if (id !== undefined) query = query.where('id', '=', id);
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (search === undefined) return query;
  const pattern = `%${literally(search)}%`;
  return query.where((eb) => eb.or([eb('name', 'ilike', pattern), eb('display_name', 'ilike', pattern)]));
}

/** One page of accounts by name, in one statement. */
export async function listAccountPage(db: Queryable, list: AccountList): Promise<Account[]> {
  const now = sql`${list.now}::timestamptz`;
  let query = matching(db, list);
  if (list.cursor !== undefined) query = query.where('name', '>', list.cursor);
  const rows = await query
    .selectAll()
    .select([
      scopesColumn('account.name').as('scopes'),
      sql<string[]>`(select coalesce(jsonb_agg(distinct kind order by kind), '[]') from account_factor
        where account_factor.account = account.id and confirmed_at is not null)`.as('factors'),
      isByProviderColumn.as('by_provider'),
      sql<number>`(select count(*) from session where session.account = account.name
        and expires_at > ${now})`.as('sessions'),
      sql<number>`(select count(*) from api_token where api_token.account = account.id
        and expires_at > ${now})`.as('tokens'),
    ])
    .orderBy('name')
    .limit(list.limit)
    .execute();
  return rows.map((row) => {
    const scopes = toScopes(row.scopes);
    const isIn =
      row.password.startsWith('argon2id$') ||
      row.kind === 'service' ||
      row.by_provider ||
      row.factors.includes('passkey');
    return accountSchema.parse({
      id: row.id,
      name: row.name,
      displayName: row.display_name ?? row.name,
      kind: row.kind,
      state: row.disabled_at !== null ? 'disabled' : isIn ? 'active' : 'invited',
      language: row.language,
      scopes,
      factors: row.factors,
      byProvider: row.by_provider,
      factorRequired: !row.by_provider && list.factorRequired(rightsOf(scopes).roles),
      sessions: Number(row.sessions),
      tokens: Number(row.tokens),
      createdAt: row.created_at.toISOString(),
      lastUsed: row.last_used_at?.toISOString() ?? null,
      invitedBy: reference(row.invited_by, row.invited_by_name),
      resetBy: reference(row.reset_by, row.reset_by_name),
    });
  });
}

/** How many accounts a list has on all its pages. */
export async function countAccounts(db: Queryable, list: AccountList): Promise<number> {
  const row = await matching(db, list)
    .select((eb) => eb.fn.countAll<number>().as('accounts'))
    .executeTakeFirst();
  return Number(row?.accounts ?? 0);
}

const reference = (id: string | null, name: string | null) => (id === null ? null : { id, name: name ?? '' });
