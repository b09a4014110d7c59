import { type DutyLayer, vacantTurn } from '@watchpost/contracts/api';
import { sql } from 'kysely';
import type { KeptPart } from './schema/duty-tables.ts';
import type { Queryable } from './schema.ts';

/** Somebody whose account ends. */
export interface Leaver {
  readonly id: string;
  readonly name: string;
  /** What stands in the place of the id in what has been: new, and written down nowhere else. */
  readonly pseudonym: string;
}

/** In how many places of rotas somebody stood. */
export interface DutyErased {
  /** Rotas whose turns of theirs are nobody’s from now on. */
  readonly rotas: number;
  /** Shifts that were, or run, and say no more whose they were. */
  readonly shiftsPast: number;
  /** Shifts that were planned and are not any more. */
  readonly shiftsAhead: number;
  readonly exceptions: number;
  readonly handovers: number;
}

/**
 * Takes somebody out of duty on every site: their turns ahead are vacant, overrides and swaps with them are
 * cancelled, and what has been names a pseudonym and no name. Free text stays as people wrote it.
 * @param now RFC 3339
 */
export async function eraseFromDuty(tx: Queryable, leaver: Leaver, now: string): Promise<DutyErased> {
  const rotas = await vacateTurns(tx, leaver);
  const ahead = await tx
    .deleteFrom('duty_shift')
    .where('person', '=', leaver.id)
    .where('from_at', '>=', new Date(now))
    .executeTakeFirst();
  const past = await tx
    .updateTable('duty_shift')
    .set({ person: leaver.pseudonym })
    .where('person', '=', leaver.id)
    .executeTakeFirst();
  return {
    rotas,
    shiftsPast: Number(past.numUpdatedRows),
    shiftsAhead: Number(ahead.numDeletedRows),
    exceptions: await eraseFromExceptions(tx, leaver, now),
    handovers: await eraseFromHandovers(tx, leaver),
  };
}

const holding = (column: 'layers' | 'parts', id: string) =>
  sql<boolean>`${sql.ref(column)}::text like ${`%${id}%`}`;

/** The turns of others stay as they are: nobody moves up. */
async function vacateTurns(tx: Queryable, { id, pseudonym }: Leaver): Promise<number> {
  const rotas = await tx
    .selectFrom('duty_rota')
    .select(['site', 'id', 'version', 'layers', 'ended_at'])
    .where(holding('layers', id))
    .forUpdate()
    .execute();
  for (const rota of rotas) {
    const inTheirPlace = rota.ended_at === null ? vacantTurn : pseudonym;
    const layers = rota.layers.map((layer): DutyLayer => {
      const people = layer.rotation.people.map((one) => (one === id ? inTheirPlace : one));
      return { ...layer, rotation: { ...layer.rotation, people } };
    });
    await tx
      .updateTable('duty_rota')
      // Whoever edits the one of before is told that it has changed.
      .set({ layers: JSON.stringify(layers), version: rota.version + 1 })
      .where('site', '=', rota.site)
      .where('id', '=', rota.id)
      .execute();
  }
  return rotas.filter(({ ended_at }) => ended_at === null).length;
}

async function eraseFromExceptions(
  tx: Queryable,
  { id, name, pseudonym }: Leaver,
  now: string,
): Promise<number> {
  const found = await tx
    .selectFrom('duty_exception')
    .selectAll()
    .where((where) =>
      where.or([
        holding('parts', id),
        where('asked', '=', id),
        where('made_by', '=', id),
        where('ended_by', '=', name),
      ]),
    )
    .forUpdate()
    .execute();
  const swapped = (account: string) => (account === id ? pseudonym : account);
  for (const one of found) {
    const counts = (one.state === 'valid' || one.state === 'asked') && one.until_at.toISOString() > now;
    // What somebody else agreed to take for them stays.
    const isTheirs =
      one.asked === id ||
      (one.state === 'asked' && one.made_by === id) ||
      one.parts.some(({ person }) => person === id);
    const keeps = one.kind === 'temporary';
    const parts = counts && keeps ? one.parts.flatMap((part) => endedAt(part, id, now)) : one.parts;
    await tx
      .updateTable('duty_exception')
      .set({
        parts: JSON.stringify(parts.map((part) => ({ ...part, person: swapped(part.person) }))),
        asked: one.asked === null ? null : swapped(one.asked),
        made_by: swapped(one.made_by),
        ...(one.made_by === id ? { made_by_name: '' } : {}),
        ...(one.ended_by === name ? { ended_by: '' } : {}),
        ...(counts && isTheirs && !keeps ? { state: 'cancelled', ended_at: now, ended_by: '' } : {}),
      })
      .where('site', '=', one.site)
      .where('id', '=', one.id)
      .execute();
  }
  return found.length;
}

/** A part of theirs that is ahead goes, one that runs ends now. */
function endedAt(part: KeptPart, id: string, now: string): readonly KeptPart[] {
  if (part.person !== id || part.until <= now) return [part];
  return part.from < now ? [{ ...part, until: now }] : [];
}

async function eraseFromHandovers(tx: Queryable, { id, name, pseudonym }: Leaver): Promise<number> {
  const found = await tx
    .selectFrom('duty_handover')
    .select(['site', 'id', 'giver', 'taker', 'report'])
    .where((where) =>
      where.or([
        where('giver', '=', id),
        where('taker', '=', id),
        sql<boolean>`report::text like ${`%${JSON.stringify(name).replaceAll(/[\\%_]/g, '\\$&')}%`}`,
      ]),
    )
    .forUpdate()
    .execute();
  for (const { site, giver, taker, report, ...one } of found) {
    const decided = report.decided.map((step) => (step.by === name ? { ...step, by: '' } : step));
    await tx
      .updateTable('duty_handover')
      .set({
        ...(giver === id ? { giver: pseudonym, giver_name: '' } : {}),
        ...(taker === id ? { taker: pseudonym, taker_name: '' } : {}),
        report: JSON.stringify({ ...report, decided }),
      })
      .where('site', '=', site)
      .where('id', '=', one.id)
      .execute();
  }
  return found.length;
}
