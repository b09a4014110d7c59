import type pg from 'pg';
import type { Heard } from './receiver.ts';

/** What was done to a system whose records are looked at. */
export interface Done {
  /** Ids of all events that were sent. */
  readonly sent: readonly string[];
  /** Alerts whose cause was to end by time, once. */
  readonly due: readonly string[];
  /** When something was killed or cut, milliseconds since the Unix epoch. */
  readonly faultsMs: readonly number[];
  readonly heard: readonly Heard[];
}

/** What became of it. */
export interface Audit {
  readonly lost: number;
  readonly doubled: number;
  /** The same notice again because a fault hit its sending. */
  readonly repeats: number;
}

/**
 * Looks for what is missing and for what was done twice, at the end, when nothing waits any more: events,
 * changes of alerts, steps of due work, notices.
 */
export async function audit(
  db: pg.Client,
  { sent, due, faultsMs, heard }: Done,
  say: (line: string) => void,
): Promise<Audit> {
  const count = async (what: string, statement: string, values: unknown[] = []): Promise<number> => {
    const { rows } = await db.query<{ count: number }>(statement, values);
    const found = rows[0]?.count ?? Number.NaN;
    if (found !== 0) say(`faults: ${found} ${what}`);
    return found;
  };
  const lost = [
    await count(
      'events are not stored',
      `select count(*)::integer as count from unnest($1::uuid[]) as sent(id)
       where not exists (select from event where event.id = sent.id)`,
      [sent],
    ),
    await count(
      'due steps were not carried out',
      `select count(*)::integer as count from unnest($1::uuid[]) as due(id)
       where not exists (select from alert_change where alert = due.id and what = 'cleared')`,
      [due],
    ),
    await count(
      'incidents were told to nobody',
      `select count(*)::integer as count from incident cross join receiver
       where incident.severity = 'critical' and not exists (select from notice
         where notice.subject = incident.id::text and notice.receiver = receiver.id and notice.state = 'sent')`,
    ),
  ];
  const { repeats, unexplained } = repeatsOf(heard, faultsMs);
  if (unexplained > 0) say(`faults: ${unexplained} notices came again though nothing had hit them`);
  const told = new Map(heard.map(({ id, to, subject, seq }) => [id, `${to} ${subject} ${seq}`]));
  const twoIds = told.size - new Set(told.values()).size;
  if (twoIds > 0) say(`faults: ${twoIds} notices have two ids`);
  const doubled = [
    unexplained,
    twoIds,
    await count(
      'events are stored twice',
      `select (count(*) - count(distinct id))::integer as count from event where gateway <> 'alerting'`,
    ),
    await count(
      'rows of the log are of one change',
      `select (count(*) - count(distinct (alert, version)))::integer as count from alert_change`,
    ),
    await count(
      'due steps were carried out twice',
      `select (count(*) - count(distinct alert))::integer as count from alert_change
       where what = 'cleared' and alert = any ($1::uuid[])`,
      [due],
    ),
    await count(
      'groups have two alerts',
      `select count(*)::integer as count from (select from alert where state not in ('resolved', 'closed')
         group by site, group_key having count(*) > 1) as twice`,
    ),
  ];
  const sum = (parts: readonly number[]) => parts.reduce((all, one) => all + one, 0);
  return { lost: sum(lost), doubled: sum(doubled), repeats };
}

/** What was on its way to the receiver when something was killed or cut arrives within this, milliseconds. */
const onTheWayMs = 1_000;

/** How often a notice came again; each time after a fault that hit it the time before, or came after that. */
export function repeatsOf(
  heard: readonly Pick<Heard, 'id' | 'atMs'>[],
  faultsMs: readonly number[],
): { readonly repeats: number; readonly unexplained: number } {
  const lastMs = new Map<string, number>();
  let [repeats, unexplained] = [0, 0];
  for (const { id, atMs } of heard.toSorted((a, b) => a.atMs - b.atMs)) {
    const beforeMs = lastMs.get(id);
    lastMs.set(id, atMs);
    if (beforeMs === undefined) continue;
    if (faultsMs.some((ms) => ms >= beforeMs - onTheWayMs && ms <= atMs)) repeats++;
    else unexplained++;
  }
  return { repeats, unexplained };
}
