import type { DutyFinding, DutyRota } from '@watchpost/contracts/api';
import { dateOf } from './calendar-day.ts';
import type { DutyStretch } from './duty-between.ts';
import { dutyPolicy } from './policy.ts';
import type { Rota } from './rota.ts';

/** A rota with who is on duty by it. */
export interface PlannedRota {
  readonly id: string;
  readonly coverage: DutyRota['coverage'];
  readonly holidays: boolean;
  readonly rota: Pick<Rota, 'layers' | 'calendar'>;
  /** From now on, without a hole. */
  readonly stretches: readonly DutyStretch[];
}

/** What {@link findFaults} looks at. */
export interface Planned {
  readonly nowMs: number;
  readonly rotas: readonly PlannedRota[];
  /** Accounts that may be on duty on the site. */
  readonly people: ReadonlySet<string>;
  /** Those with a verified channel; undefined: not known, and nobody is called unreachable. */
  readonly reachable: ReadonlySet<string> | undefined;
}

/** A fault of planning, with an account where there is one. */
export interface DutyFault extends Pick<DutyFinding, 'kind' | 'rota' | 'otherRota' | 'soon'> {
  readonly person: string | null;
  readonly fromMs: number;
  readonly untilMs: number;
}

interface Turn {
  readonly rota: string;
  readonly person: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What is wrong with the plans of a site within the time that is looked ahead, the first first. */
export function findFaults(planned: Planned): readonly DutyFault[] {
  const { nowMs, rotas } = planned;
  const untilMs = nowMs + dutyPolicy.foundMs;
  const turns = rotas.flatMap(({ id, stretches }) =>
    stretches.flatMap((stretch) =>
      stretch.onDuty && stretch.fromMs < untilMs
        ? [{ rota: id, person: stretch.onDuty.person, fromMs: stretch.fromMs, untilMs: stretch.untilMs }]
        : [],
    ),
  );
  const found = [
    ...rotas.flatMap((rota) => gapsOf(rota, untilMs)),
    ...doubleBookings(turns),
    ...unreached(turns, planned),
    ...rotas.flatMap((rota) => unknownYears(rota, nowMs)),
  ];
  return found
    .filter(({ fromMs, kind }) => fromMs < untilMs || kind === 'year_unknown')
    .map((fault) => ({ ...fault, soon: fault.fromMs < nowMs + dutyPolicy.soonMs }))
    .sort((one, other) => one.fromMs - other.fromMs);
}

type Found = Omit<DutyFault, 'soon'>;

/** A rota has nobody where it promises somebody at every instant, or where somebody has gone. */
function gapsOf({ id, coverage, stretches }: PlannedRota, untilMs: number): readonly Found[] {
  return stretches
    .filter(({ onDuty, fromMs }) => onDuty === undefined && fromMs < untilMs)
    .filter(({ isVacant }) => coverage === 'always' || isVacant === true)
    .map((gap) => ({
      ...{ kind: 'gap' as const, rota: id, otherRota: null, person: null },
      ...{ fromMs: gap.fromMs, untilMs: gap.untilMs },
    }));
}

function doubleBookings(turns: readonly Turn[]): readonly Found[] {
  const found: Found[] = [];
  const open = new Map<string, Turn[]>();
  for (const turn of [...turns].sort((one, other) => one.fromMs - other.fromMs)) {
    const others = (open.get(turn.person) ?? []).filter(({ untilMs }) => untilMs > turn.fromMs);
    for (const other of others)
      if (other.rota !== turn.rota)
        found.push({
          ...{ kind: 'double_booked', rota: other.rota, otherRota: turn.rota, person: turn.person },
          ...{ fromMs: turn.fromMs, untilMs: Math.min(turn.untilMs, other.untilMs) },
        });
    open.set(turn.person, [...others, turn]);
  }
  return found;
}

/** Each person of a rota once, with the first turn. */
function unreached(turns: readonly Turn[], { people, reachable }: Planned): readonly Found[] {
  const seen = new Set<string>();
  return [...turns]
    .sort((one, other) => one.fromMs - other.fromMs)
    .flatMap(({ rota, person, fromMs, untilMs }) => {
      const isGone = !people.has(person);
      if (seen.has(`${rota} ${person}`) || (!isGone && (reachable?.has(person) ?? true))) return [];
      seen.add(`${rota} ${person}`);
      const kind = isGone ? ('gone' as const) : ('unreachable' as const);
      return [{ kind, rota, otherRota: null, person, fromMs, untilMs }];
    });
}

/** Years into which shifts are planned whose holidays the rota would need. */
function unknownYears({ id, holidays, rota }: PlannedRota, nowMs: number): readonly Found[] {
  if (!holidays || rota.layers.every(({ days }) => days.kind === 'weekdays')) return [];
  const yearAt = (ms: number) => Number(dateOf(Math.floor(ms / 86_400_000)).slice(0, 4));
  const last = yearAt(nowMs + dutyPolicy.plannedMs);
  return [...new Set([yearAt(nowMs), last])]
    .filter((year) => !rota.calendar.knownYears.has(year))
    .map((year) => ({
      ...{ kind: 'year_unknown' as const, rota: id, otherRota: null, person: null },
      ...{ fromMs: Math.max(nowMs, Date.UTC(year, 0)), untilMs: Date.UTC(year + 1, 0) },
    }));
}
