import type { Alert } from '@watchpost/contracts/alert';
import { sql } from 'kysely';
import type { ChangeEntry } from '../alerts/change-entry.ts';
import { judgeSuppressions, type SuppressionRule } from '../suppression/suppression-rules.ts';
import { rowsOf } from './json-rows.ts';
import type { Queryable } from './schema.ts';

/** A row of the log, as its consumers see it. */
export interface LoggedChange {
  readonly position: number;
  /** As it was then. */
  readonly alert: Alert;
}

/** Changes that are next to each other in the log. */
export interface ChangePage {
  readonly changes: readonly LoggedChange[];
  /** Up to this position no other one was missed. */
  readonly reached: number;
}

/**
 * Writes what a transaction did to alerts; its last statement, because from then on nobody else can.
 * `request` is the id by which a client asked for the step. Gives the entries as they were written: with what
 * keeps people from being told of the alerts.
 */
export type AppendChanges = (
  entries: readonly ChangeEntry[],
  request?: string,
) => Promise<readonly ChangeEntry[]>;

/** Is told what was committed, in no certain order. Must not throw. */
export type ChangeListener = (changes: readonly LoggedChange[]) => void;

/**
 * Writes what follows from changes of alerts in their transaction, before they go into the log. What it
 * returns runs once that is committed.
 */
export type Consequence = (
  tx: Queryable,
  entries: readonly ChangeEntry[],
) => Promise<(() => void) | undefined>;

/**
 * Which alerts a consumer may not know as they are, by the log of changes: those that changed after the
 * position that it acknowledged, and, in case it has lost some of that, the newest ones of before.
 */
export interface ChangedSince {
  readonly acknowledged: number;
  /** Of the changes up to that position, those after this one and not older than `againFrom`. */
  readonly againAfter: number;
  readonly againFrom: Date;
}

/** Appends to the log in an open transaction; returns the rows with their positions. */
export async function appendChanges(
  tx: Queryable,
  entries: readonly ChangeEntry[],
  request?: string,
): Promise<LoggedChange[]> {
  if (entries.length === 0) return [];
  const rows = entries.map(({ what, alert, step }) => ({
    site: alert.site,
    alert: alert.id,
    version: alert.version,
    what,
    at: step?.time ?? alert.updatedAt,
    from_state: step?.from ?? null,
    to_state: step?.to ?? null,
    actor: step?.actor ?? null,
    reason: step?.reason ?? null,
    disposition: step?.disposition ?? null,
    request: step && request !== undefined ? request : null,
    snapshot: alert,
  }));
  const columns = sql.join(Object.keys(rows[0] ?? {}).map((column) => sql.ref(column)));
  const { rows: written } = await sql<{ position: number }>`insert into alert_change (${columns})
    select ${columns} from ${rowsOf('alert_change', rows)} returning position`.execute(tx);
  return entries.map(({ alert }, index) => ({ position: Number(written[index]?.position), alert }));
}

/**
 * The log of what happens to alerts: whoever changes one does so in {@link ChangeLog.commit}, and has nothing
 * else to do. Positions grow in the order of the commits: who has seen one has seen, or can read, every
 * smaller one.
 */
export class ChangeLog {
  readonly #db: Queryable;
  readonly #listeners = new Set<ChangeListener>();
  readonly #consequences = new Set<Consequence>();
  readonly #rules = new Set<SuppressionRule>();

  constructor(db: Queryable) {
    this.#db = db;
  }

  /** Runs a transaction that may change alerts, and wakes who follows the log once it is committed. */
  async commit<T>(work: (tx: Queryable, append: AppendChanges) => Promise<T>): Promise<T> {
    const written: LoggedChange[] = [];
    const afterwards: (() => void)[] = [];
    const result = await this.#db.transaction().execute((tx) =>
      work(tx, async (changed, request) => {
        const entries = changed.length > 0 ? await judgeSuppressions(tx, changed, this.#rules) : changed;
        if (entries.length > 0)
          for (const consequence of this.#consequences) {
            const told = await consequence(tx, entries);
            if (told) afterwards.push(told);
          }
        written.push(...(await appendChanges(tx, entries, request)));
        return entries;
      }),
    );
    for (const tell of afterwards) tell();
    if (written.length > 0) for (const listener of this.#listeners) listener(written);
    return result;
  }

  /**
   * From now on this rule has its say, before the consequences, in whether people are told of an alert that
   * changes, until the returned function is called.
   */
  judge(rule: SuppressionRule): () => void {
    this.#rules.add(rule);
    return () => this.#rules.delete(rule);
  }

  /** From now on every change of an alert has this consequence, until the returned function is called. */
  also(consequence: Consequence): () => void {
    this.#consequences.add(consequence);
    return () => this.#consequences.delete(consequence);
  }

  /** Tells `listener` of every commit of this process, until the returned function is called. */
  listen(listener: ChangeListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Another service of this database wrote: who follows the log looks now, not in a second. */
  wake(): void {
    for (const listener of this.#listeners) listener([]);
  }

  /** The newest position; 0 when nothing ever happened. */
  async head(): Promise<number> {
    const row = await this.#db
      .selectFrom('alert_change')
      .select('position')
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    return Number(row?.position ?? 0);
  }

  /** The changes of a site, or of all of them, after a position, in order. */
  async page(site: string | undefined, position: number, limit: number): Promise<ChangePage> {
    // In one statement: what is newer than its head is in none of its rows.
    const { rows } = await sql<{ head: number; position: number | null; snapshot: Alert | null }>`
      select head.position as head, change.position, change.snapshot
      from (select coalesce(max(position), 0) as position from alert_change) as head
      left join lateral (select position, snapshot from alert_change
        where position > ${position} and snapshot is not null
          ${site === undefined ? sql`` : sql`and site = ${site}`}
        order by position limit ${sql.lit(limit)}) as change on true
      order by change.position`.execute(this.#db);
    const changes = rows.flatMap(({ position, snapshot }) =>
      position === null ? [] : [toChange({ position, snapshot })],
    );
    const last = changes.at(-1)?.position ?? position;
    const head = Number(rows[0]?.head ?? 0);
    return { changes, reached: changes.length < limit ? Math.max(last, head) : last };
  }

  /** The newest changes of a site, in order. */
  async newest(site: string, limit: number): Promise<LoggedChange[]> {
    const rows = await this.#snapshots(site).orderBy('position', 'desc').limit(limit).execute();
    return rows.reverse().map(toChange);
  }

  /** When the last change up to a position was made; undefined when there is none. */
  async timeOf(site: string, position: number): Promise<Date | undefined> {
    const row = await this.#db
      .selectFrom('alert_change')
      .select('at')
      .where('site', '=', site)
      .where('position', '<=', position)
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.at;
  }

  /** The alerts of a site that changed. */
  async alertsSince(site: string, { acknowledged, againAfter, againFrom }: ChangedSince): Promise<string[]> {
    const rows = await this.#db
      .selectFrom('alert_change')
      .select('alert')
      .distinct()
      .where('site', '=', site)
      .where('position', '>', Math.min(acknowledged, againAfter))
      .where((eb) => eb.or([eb('position', '>', acknowledged), eb('at', '>=', againFrom)]))
      .execute();
    return rows.map(({ alert }) => alert);
  }

  #snapshots(site: string) {
    return this.#db
      .selectFrom('alert_change')
      .select(['position', 'snapshot'])
      .where('site', '=', site)
      .where('snapshot', 'is not', null);
  }
}

/** A row that has a snapshot, which was written by us. */
function toChange(row: { readonly position: number; readonly snapshot: Alert | null }): LoggedChange {
  return { position: Number(row.position), alert: row.snapshot as Alert };
}
