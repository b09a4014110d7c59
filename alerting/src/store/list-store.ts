import type { ListKind, ListState } from '@watchpost/contracts/api';
import {
  type EntryId,
  entryIdSchema,
  type SiteId,
  siteIdSchema,
  zoneIdSchema,
} from '@watchpost/contracts/wire';
import { type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { Database, Queryable } from './schema.ts';
import { allWithin, withinReach, type ZoneReach } from './zone-reach.ts';

/** A signature that holds. */
export interface StoredApproval {
  readonly account: string;
  readonly name: string;
  readonly at: string;
}

/** An entry as it is stored, with the signatures that hold. Times RFC 3339. */
export interface StoredEntry {
  readonly site: SiteId;
  readonly id: EntryId;
  readonly version: number;
  readonly list: ListKind;
  readonly state: ListState;
  readonly label: string;
  readonly legalBasis: string;
  readonly authority: string;
  readonly purpose: string;
  readonly reason: string;
  readonly instruction: string;
  readonly area: readonly ReturnType<typeof zoneIdSchema.parse>[];
  readonly expires: string;
  readonly review: string;
  readonly photos: number;
  readonly author: { readonly account: string; readonly name: string };
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly activatedAt: string | null;
  readonly endedAt: string | null;
  readonly erasedAt: string | null;
  readonly approvals: readonly StoredApproval[];
}

type Row = Selectable<Database['list_entry']> & { readonly approvals: unknown };

const approvals = sql<unknown>`(select coalesce(jsonb_agg(jsonb_build_object('account', account, 'name', name,
    'at', at) order by at, account), '[]') from list_approval
  where list_approval.site = list_entry.site and list_approval.entry = list_entry.id)`;

const selectEntries = (db: Queryable) =>
  db.selectFrom('list_entry').selectAll('list_entry').select(approvals.as('approvals'));

function toEntry(row: Row): StoredEntry {
  const { version, list, state, label, authority, purpose, reason, instruction, photos } = row;
  const signed = row.approvals as readonly { account: string; name: string; at: string }[];
  return {
    ...{ version, list, state, label, authority, purpose, reason, instruction, photos },
    site: siteIdSchema.parse(row.site),
    id: entryIdSchema.parse(row.id),
    legalBasis: row.legal_basis,
    area: row.area.map((zone) => zoneIdSchema.parse(zone)),
    expires: row.expires.toISOString(),
    review: row.review.toISOString(),
    author: { account: row.author, name: row.author_name },
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    activatedAt: row.activated_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    erasedAt: row.erased_at?.toISOString() ?? null,
    approvals: signed.map(({ account, name, at }) => ({ account, name, at: new Date(at).toISOString() })),
  };
}

/** Only what is wholly within what exists for who asks. */
function within<T>(
  query: SelectQueryBuilder<Database, 'list_entry', T>,
  reach: readonly ZoneReach[],
): SelectQueryBuilder<Database, 'list_entry', T> {
  return query.where(withinReach(reach, allWithin('area')));
}

/** One entry, as far as it exists for who asks; with `lock` nobody else changes it until the commit. */
export async function findEntry(
  db: Queryable,
  reach: readonly ZoneReach[],
  id: string,
  lock = false,
): Promise<StoredEntry | undefined> {
  const query = within(selectEntries(db), reach).where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  return row && toEntry(row);
}

/** What {@link pageOfEntries} asks for. */
export interface EntryFilter {
  readonly list?: ListKind | undefined;
  readonly state?: ListState | undefined;
  /** Active, and expires or is to be reviewed before a time of its site. */
  readonly due?: readonly { readonly site: SiteId; readonly before: string }[] | undefined;
  /** Part of the label. */
  readonly search?: string | undefined;
  /** Of the last entry of the page before. */
  readonly after?: { readonly updatedAt: string; readonly id: string } | undefined;
  readonly limit: number;
}

/** Entries that exist for who asks, those that changed last first. */
export async function pageOfEntries(
  db: Queryable,
  reach: readonly ZoneReach[],
  { list, state, due, search, after, limit }: EntryFilter,
): Promise<StoredEntry[]> {
  let query = within(selectEntries(db), reach);
  if (list) query = query.where('list', '=', list);
  if (state) query = query.where('state', '=', state);
  if (due)
    query = query.where('state', '=', 'active').where((eb) =>
      eb.or(
        due.map(({ site, before }) => {
          const time = new Date(before);
          return eb.and([eb('site', '=', site), eb.or([eb('expires', '<', time), eb('review', '<', time)])]);
        }),
      ),
    );
  if (search !== undefined)
    query = query.where(sql<boolean>`strpos(lower(label), lower(${search})) > 0 and label <> ''`);
  if (after)
    query = query.where(
      sql<boolean>`(updated_at, id) < (${after.updatedAt}::timestamptz, ${after.id}::text)`,
    );
  const rows = await query.orderBy('updated_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toEntry);
}

/** What an entry says, and what of it a change may touch. */
export type EntryValues = Omit<StoredEntry, 'approvals' | 'createdAt'>;

const toColumns = (entry: EntryValues) => ({
  ...{ site: entry.site, id: entry.id, version: entry.version, list: entry.list, state: entry.state },
  ...{ label: entry.label, authority: entry.authority, purpose: entry.purpose, reason: entry.reason },
  ...{ instruction: entry.instruction, expires: entry.expires, review: entry.review, photos: entry.photos },
  legal_basis: entry.legalBasis,
  area: JSON.stringify(entry.area),
  author: entry.author.account,
  author_name: entry.author.name,
  updated_at: entry.updatedAt,
  activated_at: entry.activatedAt,
  ended_at: entry.endedAt,
  erased_at: entry.erasedAt,
});

/** Stores a new entry. */
export async function insertEntry(tx: Queryable, entry: EntryValues): Promise<void> {
  await tx
    .insertInto('list_entry')
    .values({ ...toColumns(entry), created_at: entry.updatedAt })
    .execute();
}

/** Stores an entry as it is now, with its signatures. */
export async function updateEntry(tx: Queryable, entry: EntryValues & Pick<StoredEntry, 'approvals'>) {
  const { site, id } = entry;
  await tx
    .updateTable('list_entry')
    .set(toColumns(entry))
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
  await tx.deleteFrom('list_approval').where('site', '=', site).where('entry', '=', id).execute();
  if (entry.approvals.length > 0)
    await tx
      .insertInto('list_approval')
      .values(entry.approvals.map((one) => ({ ...one, site, entry: id })))
      .execute();
}

/** Entries of a site in these states, the ones that changed last first. */
export async function entriesIn(
  db: Queryable,
  site: string,
  states: readonly ListState[],
): Promise<StoredEntry[]> {
  const rows = await selectEntries(db)
    .where('site', '=', site)
    .where('state', 'in', states)
    .orderBy('updated_at', 'desc')
    .execute();
  return rows.map(toEntry);
}

/** Entries of a site whose time has come: active ones that expired, ended ones that are to be erased. */
export async function dueEntries(
  db: Queryable,
  site: string,
  expiredAt: string,
  endedBefore: string,
): Promise<{ readonly id: EntryId; readonly state: ListState }[]> {
  const rows = await db
    .selectFrom('list_entry')
    .select(['id', 'state'])
    .where('site', '=', site)
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'active'), eb('expires', '<=', new Date(expiredAt))]),
        eb.and([eb('state', 'in', ['withdrawn', 'expired']), eb('ended_at', '<=', new Date(endedBefore))]),
      ]),
    )
    .execute();
  return rows.map(({ id, state }) => ({ id: entryIdSchema.parse(id), state }));
}

/** Erased entries of a site whose photos may still be kept. */
export async function notRemoved(db: Queryable, site: string): Promise<EntryId[]> {
  const rows = await db
    .selectFrom('list_entry')
    .select('id')
    .where('site', '=', site)
    .where('state', '=', 'erased')
    .where('removed_at', 'is', null)
    .execute();
  return rows.map(({ id }) => entryIdSchema.parse(id));
}

/** Notes that the enrolment keeps nothing of an entry any more. */
export async function noteRemoved(db: Queryable, site: string, id: string, at: string): Promise<void> {
  await db
    .updateTable('list_entry')
    .set({ removed_at: at })
    .where('site', '=', site)
    .where('id', '=', id)
    .execute();
}
