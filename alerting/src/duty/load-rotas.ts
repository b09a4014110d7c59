import { exceptionsOf, type StoredException } from '../store/duty-exception-store.ts';
import type { StoredRota } from '../store/duty-store.ts';
import type { Queryable } from '../store/schema.ts';
import { type DutyCalendar, noCalendar, type Rota, type Stint } from './rota.ts';

const stintsOf = ({ parts }: StoredException): readonly Stint[] =>
  parts.map(({ from, until, person }) => ({
    ...{ fromMs: Date.parse(from), untilMs: Date.parse(until), person },
  }));

/** A rota as who is on duty is computed from it, with those of its exceptions that count. */
export function toRota(
  rota: Pick<StoredRota, 'id' | 'timeZone' | 'layers' | 'holidays'>,
  exceptions: readonly StoredException[],
  calendar: DutyCalendar,
): Rota {
  const own = exceptions.filter((one) => one.rota === rota.id && one.state === 'valid');
  const named = (kind: StoredException['kind']) =>
    own
      .filter((one) => one.kind === kind)
      .flatMap((one) => stintsOf(one).map((stint) => ({ ...stint, id: one.id })));
  return {
    ...{ timeZone: rota.timeZone, layers: rota.layers },
    calendar: rota.holidays ? calendar : noCalendar,
    overrides: named('override'),
    swaps: named('swap'),
    temporary: own
      .filter(({ kind }) => kind === 'temporary')
      .map((one) => ({
        ...{ id: one.id, fromMs: Date.parse(one.from), untilMs: Date.parse(one.until) },
        shifts: stintsOf(one),
      })),
  };
}

/** Rotas of one site with what counts in a time. */
export async function loadRotas(
  db: Queryable,
  rotas: readonly StoredRota[],
  calendar: DutyCalendar,
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): Promise<readonly { readonly stored: StoredRota; readonly rota: Rota }[]> {
  const [first] = rotas;
  if (!first) return [];
  const exceptions = await exceptionsOf(db, {
    ...{ site: first.site, rotas: rotas.map(({ id }) => id), states: ['valid'] as const },
    from: new Date(fromMs).toISOString(),
    until: new Date(untilMs).toISOString(),
  });
  return rotas.map((stored) => ({ stored, rota: toRota(stored, exceptions, calendar) }));
}
