import type { DutyPerson, DutyRota, EscalationTarget, Receiver } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Ask } from '../../api/ask.ts';

/** Whom steps of a site may name. */
export interface KnownTargets {
  readonly receivers: readonly Pick<Receiver, 'id' | 'name' | 'account'>[];
  readonly people: readonly DutyPerson[];
  readonly rotas: readonly Pick<DutyRota, 'id' | 'name'>[];
}

/** Loads them. */
export async function loadTargets(ask: Ask, site: string): Promise<KnownTargets> {
  const [{ receivers }, { people }, { rotas }] = await Promise.all([
    call(ask, 'GET /receivers', { query: { site } }),
    call(ask, 'GET /duty/people', { query: { site } }),
    call(ask, 'GET /duty/rotas'),
  ]);
  return { receivers, people, rotas: rotas.filter((rota) => rota.site === site) };
}

/** A target as the value of a field, and back. */
export const keyOf = (target: EscalationTarget): string =>
  target.kind === 'receiver'
    ? `receiver ${target.receiver}`
    : target.kind === 'person'
      ? `person ${target.account}`
      : `rota ${target.rota}`;

/** The target of such a value. */
export function targetOf(key: string): EscalationTarget {
  const [kind, id = ''] = key.split(' ');
  if (kind === 'person') return { kind, account: id };
  return kind === 'rota' ? { kind, rota: id } : { kind: 'receiver', receiver: id };
}
