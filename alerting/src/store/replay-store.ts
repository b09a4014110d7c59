import { type Alert, riskFactorSchema } from '@watchpost/contracts/alert';
import { type StoredEvent, sourceOf, wireLimits } from '@watchpost/contracts/wire';
import { sql } from 'kysely';
import type { LiveAlert, LiveStep } from '../replay/live-alert.ts';
import { replayPolicy } from '../replay/policy.ts';
import type { ReplayEvent } from '../replay/replay-event.ts';
import { toAlert } from './alert-store.ts';
import type { Queryable } from './schema.ts';

/** The time in which events came in: `fromMs` is inside, `toMs` outside. Milliseconds since the epoch. */
export interface ReplayWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

interface EventRow {
  readonly time: Date;
  readonly received_at: Date;
  readonly id: string;
  readonly gateway: string;
  readonly epoch: string;
  readonly seq: string | number;
  readonly device: string;
  readonly zone: string;
  readonly type: string;
  readonly data: unknown;
  readonly late: boolean;
  readonly risk: number;
  readonly alert: string | null;
  readonly risk_context: ReplayEvent['context'] | null;
  readonly risk_factors: unknown;
}

const columns = sql`time, received_at, id, gateway, epoch, seq, device, zone, type, data, late, risk, alert,
  risk_context, case when risk_context is null then risk_factors end as risk_factors`;

/** No rule set lets these alert, and they end nothing. */
const silent = ['watchpost.face.abstain.v1', 'watchpost.pass.accepted.v1', 'watchpost.address.scanned.v1'];
const spoken = sql`type <> all(${sql.lit(`{${silent.join(',')}}`)}::text[])`;
const timely = sql.lit(`${replayPolicy.timelyMs} milliseconds`);
const at = (ms: number) => sql`${new Date(ms).toISOString()}::timestamptz`;

/** Where the next page begins: behind this event. */
export type EventCursor = { readonly timeMs: number; readonly id: string };

/**
 * The next events of a window that came in time, by capture time.
 * @param after the last event of the page before
 */
export async function timelyEvents(
  db: Queryable,
  site: string,
  { fromMs, toMs }: ReplayWindow,
  after: EventCursor | undefined,
): Promise<ReplayEvent[]> {
  const begin = after?.timeMs ?? fromMs - replayPolicy.timelyMs;
  const behind = after ? sql`and (time > ${at(after.timeMs)} or id > ${after.id})` : sql``;
  const { rows } = await sql<EventRow>`select ${columns} from event where site = ${site}
    and time >= ${at(begin)} ${behind} and time <= ${at(toMs + wireLimits.maxFutureMs)}
    and received_at >= ${at(fromMs)} and received_at < ${at(toMs)}
    and received_at <= time + ${timely}::interval and ${spoken}
    order by time, id limit ${replayPolicy.pageEvents}`.execute(db);
  return rows.map((row) => eventOf(site, row));
}

/**
 * The events of a window that came much later than they were captured, in one part of the history, at most
 * `limit`.
 */
export async function lateEvents(
  db: Queryable,
  site: string,
  { fromMs, toMs }: ReplayWindow,
  part: ReplayWindow,
  limit: number,
): Promise<ReplayEvent[]> {
  const { rows } = await sql<EventRow>`select ${columns} from event where site = ${site}
    and time >= ${at(part.fromMs)} and time < ${at(part.toMs)}
    and received_at >= ${at(fromMs)} and received_at < ${at(toMs)}
    and received_at > time + ${timely}::interval and ${spoken}
    order by received_at, gateway, epoch, seq limit ${limit}`.execute(db);
  return rows.map((row) => eventOf(site, row));
}

function eventOf(site: string, row: EventRow): ReplayEvent {
  const { id, gateway, epoch, device, zone, type, data, late, alert } = row;
  const seq = Number(row.seq);
  const event = {
    ...{ specversion: '1.0', id, source: sourceOf(site as Alert['site'], device as Alert['device']), type },
    ...{ time: row.time.toISOString(), subject: zone, data, gateway, epoch, seq },
    // Written by us, from an event that was parsed.
  } as unknown as StoredEvent;
  return {
    ...{ event, device, late, alert, seq },
    gateway: gateway as Alert['gateway'],
    receivedMs: row.received_at.getTime(),
    timeMs: row.time.getTime(),
    score: row.risk,
    ...(row.risk_context ? { context: row.risk_context } : { factors: factorsOf(row.risk_factors) }),
  };
}

const factorsOf = (value: unknown) => riskFactorSchema.array().catch([]).parse(value);

/** Alerts that were there when a window began, and had not ended. */
export async function alertsBefore(db: Queryable, site: string, fromMs: number): Promise<LiveAlert[]> {
  const from = new Date(fromMs);
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('opened_at', '<', from)
    .where((eb) =>
      eb.or([eb('state', 'in', ['open', 'acknowledged', 'in_progress']), eb('done_at', '>=', from)]),
    )
    .orderBy('opened_at')
    .execute();
  return rows.map((row) => liveOf(toAlert(row), row.group_key, true));
}

/** Alerts that opened in a part of a window. */
export async function alertsOpened(
  db: Queryable,
  site: string,
  { fromMs, toMs }: ReplayWindow,
): Promise<LiveAlert[]> {
  const rows = await db
    .selectFrom('alert')
    .selectAll()
    .where('site', '=', site)
    .where('opened_at', '>=', new Date(fromMs))
    .where('opened_at', '<', new Date(toMs))
    .orderBy('opened_at')
    .execute();
  return rows.map((row) => liveOf(toAlert(row), row.group_key, false));
}

const liveOf = (alert: Alert, groupKey: string, isBefore: boolean): LiveAlert => ({
  alert,
  groupKey,
  isBefore,
  openedMs: Date.parse(alert.openedAt),
});

/** The steps of these alerts that ended them or opened them again, in the order of the log. */
export async function stepsOf(
  db: Queryable,
  site: string,
  alerts: readonly string[],
  { fromMs, toMs }: ReplayWindow,
): Promise<LiveStep[]> {
  if (alerts.length === 0) return [];
  const { rows } = await sql<{ alert: string; at: Date; ends: boolean }>`
    select alert, at, to_state in ('resolved', 'closed') as ends from alert_change
    where site = ${site} and alert = any(${sql.lit(`{${alerts.join(',')}}`)}::uuid[])
      and to_state is not null and at >= ${at(fromMs)} and at < ${at(toMs)}
      and (from_state in ('resolved', 'closed')) <> (to_state in ('resolved', 'closed'))
    order by position`.execute(db);
  return rows.map(({ alert, at: time, ends }) => ({ alert, atMs: time.getTime(), ends }));
}
