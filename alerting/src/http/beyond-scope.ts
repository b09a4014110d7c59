import type { AuditSubject } from '@watchpost/contracts/api';
import type { FastifyRequest } from 'fastify';
import type { Queryable } from '../store/schema.ts';

/** By the part of an address before an id: what the id names, and where it is kept. */
const kept = {
  alerts: { kind: 'alert', table: 'alert' },
  incidents: { kind: 'incident', table: 'incident' },
  silences: { kind: 'silence', table: 'silence' },
  rotas: { kind: 'rota', table: 'duty_rota' },
  handovers: { kind: 'handover', table: 'duty_handover' },
  exceptions: { kind: 'duty_exception', table: 'duty_exception' },
  swaps: { kind: 'duty_exception', table: 'duty_exception' },
  plates: { kind: 'plate', table: 'plate' },
  passes: { kind: 'pass', table: 'pass' },
  lists: { kind: 'entry', table: 'list_entry' },
  departments: { kind: 'department', table: 'department' },
  units: { kind: 'unit', table: 'response_unit' },
  offers: { kind: 'offer', table: 'response_offer' },
  tasks: { kind: 'task', table: 'response_task' },
  receivers: { kind: 'receiver', table: 'receiver' },
  policies: { kind: 'escalation_policy', table: 'escalation_policy' },
} as const;
type Kept = (typeof kept)[keyof typeof kept];

/** What the parts of an address name that are not kept under their own name: alerts, or incidents. */
const subjects: readonly Kept[] = [kept.alerts, kept.incidents];

/** What `:id` names on a route; undefined where nothing says so. */
export function keptBehind(route: string): readonly Kept[] | undefined {
  const before = /\/([a-z-]+)\/:id(\/|$)/.exec(route)?.[1];
  if (before === 'subjects') return subjects;
  return before !== undefined && Object.hasOwn(kept, before)
    ? [kept[before as keyof typeof kept]]
    : undefined;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What a request that was answered with “not found” asked for, if it is there on one of these sites: then it
 * only does not exist for the person. Null where nothing is.
 */
export async function beyondScopeOf(
  { params, query, routeOptions }: Pick<FastifyRequest, 'params' | 'query' | 'routeOptions'>,
  sites: readonly string[],
  db: Queryable,
): Promise<AuditSubject | null> {
  const { id } = (params ?? {}) as { readonly id?: unknown };
  const { subject, department } = (query ?? {}) as Readonly<Record<string, unknown>>;
  const named: readonly [unknown, readonly Kept[] | undefined][] = [
    [id, keptBehind(routeOptions.url ?? '')],
    [subject, subjects],
    [department, [kept.departments]],
  ];
  for (const [value, places = []] of named) {
    if (typeof value !== 'string' || !uuid.test(value)) continue;
    for (const { kind, table } of places)
      if (await isKept(db, table, sites, value)) return { kind, id: value };
  }
  return null;
}

async function isKept(
  db: Queryable,
  table: Kept['table'],
  sites: readonly string[],
  id: string,
): Promise<boolean> {
  if (sites.length === 0) return false;
  // All of them have both columns; the type of the query builder knows one table at a time.
  const found = await db
    .selectFrom(table as 'silence')
    .select('id')
    .where('site', 'in', sites)
    .where('id', '=', id)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
