import type { DutyException, DutyPerson, DutyRota } from '@watchpost/contracts/api';
import { zoneIdSchema } from '@watchpost/contracts/wire';
import type { StoredException } from '../store/duty-exception-store.ts';
import { namesOf } from '../store/duty-people-store.ts';
import type { StoredRota } from '../store/duty-store.ts';
import type { Queryable } from '../store/schema.ts';

/** A person with the name of now; without one where the account is gone. */
export const personNamed = (
  names: ReadonlyMap<string, string>,
  id: string | null | undefined,
): DutyPerson | null => (id == null ? null : { id, name: names.get(id) ?? '' });

const peopleOf = ({ layers }: Pick<StoredRota, 'layers'>): readonly string[] => [
  ...new Set(layers.flatMap(({ rotation }) => rotation.people)),
];

/** Rotas as they are answered. */
export async function toRotaViews(db: Queryable, rotas: readonly StoredRota[]): Promise<DutyRota[]> {
  const names = await namesOf(db, rotas.flatMap(peopleOf));
  return rotas.map((rota) => ({
    ...rota,
    zones: rota.zones === null ? null : rota.zones.map((zone) => zoneIdSchema.parse(zone)),
    layers: [...rota.layers],
    people: peopleOf(rota).map((id) => ({ id, name: names.get(id) ?? '' })),
  }));
}

/** Exceptions as they are answered. */
export async function toExceptionViews(
  db: Queryable,
  exceptions: readonly StoredException[],
): Promise<DutyException[]> {
  const names = await namesOf(
    db,
    exceptions.flatMap(({ parts, asked }) => [...parts.map(({ person }) => person), asked ?? []].flat()),
  );
  return exceptions.map(({ id, rota, kind, state, from, until, parts, asked, reason, ...one }) => ({
    ...{ id, rota, kind, state, from, until, reason },
    parts: parts.map((part) => ({
      ...{ from: part.from, until: part.until },
      person: { id: part.person, name: names.get(part.person) ?? '' },
    })),
    asked: personNamed(names, asked),
    madeAt: one.madeAt,
    madeBy: { id: one.madeBy.account, name: one.madeBy.name },
    ended: one.ended && { ...one.ended },
  }));
}
