import type { DutyShift } from '@watchpost/contracts/api';
import type { Queryable } from './schema.ts';

/** A shift as it is kept. */
export interface StoredShift {
  readonly rota: string;
  readonly from: string;
  readonly until: string;
  readonly person: string;
  readonly cause: DutyShift['cause'];
  /** Of a rotation the name of its layer, else the id of the exception. */
  readonly source: string;
}

/** Shifts that overlap a time, of some rotas of a site, the first first. */
export async function shiftsBetween(
  db: Queryable,
  site: string,
  rotas: readonly string[],
  { from, until, limit }: { readonly from: string; readonly until: string; readonly limit: number },
): Promise<StoredShift[]> {
  if (rotas.length === 0) return [];
  const rows = await db
    .selectFrom('duty_shift')
    .selectAll()
    .where('site', '=', site)
    .where('rota', 'in', rotas)
    .where('until_at', '>', new Date(from))
    .where('from_at', '<', new Date(until))
    .orderBy('from_at')
    .orderBy('rota')
    .limit(limit)
    .execute();
  return rows.map(({ rota, from_at, until_at, person, cause, source }) => ({
    ...{ rota, person, cause, source },
    from: from_at.toISOString(),
    until: until_at.toISOString(),
  }));
}

const isSame = (one: StoredShift, other: StoredShift): boolean =>
  one.person === other.person && one.cause === other.cause && one.source === other.source;

/**
 * Puts the shifts of a rota from now on in the place of those that were planned. What has been stays: a shift
 * that is interrupted ends now, one that goes on keeps its beginning.
 * @param planned in their order, each ending after `now`
 */
export async function replanShifts(
  tx: Queryable,
  site: string,
  rota: string,
  planned: readonly StoredShift[],
  now: string,
): Promise<void> {
  const [running] = (await shiftsBetween(tx, site, [rota], { from: now, until: now, limit: 1 })).filter(
    ({ from }) => from < now,
  );
  const mine = tx.deleteFrom('duty_shift').where('site', '=', site).where('rota', '=', rota);
  await mine.where('until_at', '>', new Date(now)).execute();
  const [first, ...others] = planned;
  const rows = [...begun(running, first, now, await lastEnd(tx, site, rota)), ...others];
  for (let index = 0; index < rows.length; index += 500)
    await tx
      .insertInto('duty_shift')
      .values(
        rows.slice(index, index + 500).map(({ from, until, person, cause, source }) => ({
          ...{ site, rota, person, cause, source, from_at: from, until_at: until },
        })),
      )
      .execute();
}

/** When the last shift that is over ended. */
async function lastEnd(tx: Queryable, site: string, rota: string): Promise<string> {
  const row = await tx
    .selectFrom('duty_shift')
    .select('until_at')
    .where('site', '=', site)
    .where('rota', '=', rota)
    .orderBy('until_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.until_at.toISOString() ?? '';
}

/** What becomes of the shift that ran until now; nothing that is planned reaches into what was. */
function begun(
  running: StoredShift | undefined,
  first: StoredShift | undefined,
  now: string,
  lastUntil: string,
): readonly StoredShift[] {
  if (!running) return first ? [{ ...first, from: first.from < lastUntil ? now : first.from }] : [];
  if (first && first.from <= now && isSame(running, first)) return [{ ...first, from: running.from }];
  const ended = { ...running, until: now };
  if (!first) return [ended];
  return [ended, first.from < now ? { ...first, from: now } : first];
}
