import type {
  DutyException,
  DutyFindingList,
  DutyRota,
  DutyRotaDetail,
  DutyShiftList,
  OnDutyNow,
} from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Ask } from '../../api/ask.ts';

/** What the page shows, loaded together so that its parts agree. */
export interface DutyLoaded {
  readonly now: OnDutyNow;
  readonly findings: DutyFindingList['findings'];
  readonly shifts: DutyShiftList['shifts'];
  readonly rotas: readonly DutyRota[];
  readonly changes: readonly DutyException[];
}

const aheadMs = 14 * 86_400_000;

/** Asks for all of it. */
export async function loadDuty(ask: Ask): Promise<DutyLoaded> {
  const now = await call(ask, 'GET /duty');
  const until = new Date(Date.parse(now.at) + aheadMs).toISOString();
  const { findings } = await call(ask, 'GET /duty/findings');
  const { shifts } = await call(ask, 'GET /duty/shifts', { query: { from: now.at, until } });
  const rotas: DutyRotaDetail[] = [];
  for (const { rota } of now.rotas)
    rotas.push(await call(ask, 'GET /duty/rotas/{id}', { params: { id: rota } }));
  return { now, findings, shifts, rotas, changes: rotas.flatMap(({ exceptions }) => exceptions) };
}
