import type { AuditAction, ReadinessProblem } from '@watchpost/contracts/api';
import type { ArmingArea, ArmingMode } from '@watchpost/contracts/site';
import { subjectOf } from '../alerts/alert-subject.ts';
import type { ChangeEntry } from '../alerts/change-entry.ts';
import { zoneClock } from '../duty/zone-clock.ts';
import { append } from '../governance/audit-log.ts';
import { SystemEvents } from '../health/system-events.ts';
import { commitIn } from '../ingest/commit-batch.ts';
import type { DecisionContext } from '../ingest/decision-context.ts';
import { emptyBatch } from '../ingest/ingest-batch.ts';
import type { DueHandler, DueOutcome } from '../jobs/due-handler.ts';
import type { DueKind, DueStep } from '../jobs/due-step.ts';
import type { EventPlace } from '../places/event-place.ts';
import { mayAlert, scoreEvent } from '../risk/event-risk.ts';
import { contextOf } from '../risk/risk-context.ts';
import { fillConditions, lockArea, saveArea, scheduledRows } from '../store/arming-store.ts';
import { writeDue } from '../store/due-store.ts';
import type { Queryable } from '../store/schema.ts';
import { AreaMap } from './area-rules.ts';
import { type AreaChange, type AreaState, arm, disarm, entryEnds, exitEnds, refuse } from './area-state.ts';
import { dueOfDelay, partsOfKey, scheduleKey } from './arming-due.ts';
import type { HeldEvent } from './held-event.ts';
import { armingPolicy } from './policy.ts';
import { raiseHeld } from './raise-held.ts';
import { type KnownDevices, knownDevices, problemsOf } from './readiness.ts';
import { nextAt, scheduleVersion } from './schedule-times.ts';

/** What {@link ArmingWork} needs. */
export interface ArmingWorkOptions {
  readonly context: () => DecisionContext;
  /** Told when work was written, and when it is due. */
  readonly expect?: (atMs: number) => void;
  /** Told that an area was armed or disarmed, or was not. */
  readonly changed?: () => void;
}

type Decided = { readonly change?: AreaChange | undefined; readonly entries?: readonly ChangeEntry[] };

/** What time does to the areas of a site: delays that end, schedules, and what follows a code. */
export class ArmingWork {
  readonly #options: ArmingWorkOptions;
  readonly #map: AreaMap;
  readonly #systemEvents: SystemEvents;

  constructor(options: ArmingWorkOptions) {
    this.#options = options;
    const { directory, newId } = options.context();
    this.#map = new AreaMap(directory);
    this.#systemEvents = new SystemEvents({
      ...{ site: directory.site.id, newId, nowMs: () => options.context().nowMs },
    });
  }

  /** By the kind of the work. */
  get handlers(): Partial<Readonly<Record<DueKind, DueHandler>>> {
    return {
      'arming.exit': (tx, steps, nowMs) => this.#each(tx, steps, (...step) => this.#exit(...step, nowMs)),
      'arming.entry': (tx, steps, nowMs) => this.#each(tx, steps, (...step) => this.#entry(...step, nowMs)),
      'arming.schedule': (tx, steps, nowMs) =>
        this.#each(tx, steps, (...step) => this.#schedule(...step, nowMs)),
      'arming.disarmed': (tx, steps) => this.#disarmed(tx, steps),
    };
  }

  /** Writes what is due by schedules that are new or were changed, and what devices of new areas said. */
  async ensure(db: Queryable): Promise<void> {
    const { areas } = this.#map;
    if (areas.length === 0) return;
    const { nowMs, directory } = this.#options.context();
    const site = directory.site.id;
    const { timeZone } = directory.site;
    const devices = areas.flatMap(({ id }) => this.#map.devicesOf(id));
    await fillConditions(db, site, devices, armingPolicy.lookBackDays);
    const there = new Map((await scheduledRows(db, site)).map(({ key, version }) => [key, version]));
    const missing = areas.flatMap((area) =>
      area.schedules.flatMap((schedule, index) => {
        const key = scheduleKey(area.id, index);
        const version = scheduleVersion(schedule, timeZone);
        if (there.get(key) === version) return [];
        const atMs = nextAt(schedule, zoneClock(timeZone), nowMs);
        return [{ site, kind: 'arming.schedule', key, version, atMs } as const];
      }),
    );
    await writeDue(db, missing);
  }

  /** Carries each step out on its area, which nobody else may have at the time. */
  async #each(
    tx: Queryable,
    steps: readonly DueStep[],
    decide: (tx: Queryable, area: ArmingArea, state: AreaState, step: DueStep) => Promise<Decided>,
  ): Promise<DueOutcome> {
    const { expect, changed } = this.#options;
    const busy: DueStep[] = [];
    const entries: ChangeEntry[] = [];
    for (const step of steps) {
      const area = this.#map.find(partsOfKey(step.key).area);
      if (!area) continue;
      const state = await lockArea(tx, step.site, area.id, false);
      if (state === 'busy') {
        busy.push(step);
        continue;
      }
      const { change, entries: made = [] } = await decide(tx, area, state, step);
      entries.push(...made);
      if (!change) continue;
      const due = dueOfDelay(step.site, change.state);
      await writeDue(tx, due);
      for (const { atMs } of due) expect?.(atMs);
    }
    return { entries, busy, afterwards: () => changed?.() };
  }

  async #exit(
    tx: Queryable,
    area: ArmingArea,
    state: AreaState,
    step: DueStep,
    nowMs: number,
  ): Promise<Decided> {
    if (state.phase !== 'exit' || state.delay !== step.version || state.mode === null) return {};
    const known = await this.#known(tx, area);
    const left = state.bypassed.map(({ device }) => device);
    const open = problemsOf(area, state.mode, known, left).filter(isOpen);
    const change = exitEnds(state, open, area.stillOpen, nowMs);
    if (!change) return {};
    await this.#save(tx, change, nowMs);
    if (change.state.phase !== 'alarm') return { change };
    const held = open.flatMap(({ device }) => this.#heldOf(known, device));
    return { change, entries: await raiseHeld(tx, held, this.#options.context()) };
  }

  async #entry(
    tx: Queryable,
    _area: ArmingArea,
    state: AreaState,
    step: DueStep,
    nowMs: number,
  ): Promise<Decided> {
    if (state.delay !== step.version) return {};
    const change = entryEnds(state, nowMs);
    if (!change) return {};
    await this.#save(tx, change, nowMs);
    return { change, entries: await raiseHeld(tx, state.held, this.#options.context()) };
  }

  async #schedule(
    tx: Queryable,
    area: ArmingArea,
    state: AreaState,
    step: DueStep,
    nowMs: number,
  ): Promise<Decided> {
    const { site } = this.#options.context().directory;
    const schedule = area.schedules[partsOfKey(step.key).index];
    if (!schedule || scheduleVersion(schedule, site.timeZone) !== step.version) return {};
    const { kind, key, version } = step;
    // Somebody who came in is not let off by an hour.
    if (schedule.mode === 'disarm' && state.phase === 'entry' && state.untilMs !== null) {
      const atMs = Math.max(nowMs, state.untilMs) + armingPolicy.afterEntryMs;
      await writeDue(tx, [{ site: site.id, kind, key, version, atMs, payload: step.payload }]);
      return {};
    }
    const base = typeof step.payload.base === 'number' ? step.payload.base : step.atMs;
    const atMs = nextAt(schedule, zoneClock(site.timeZone), Math.max(base, nowMs));
    await writeDue(tx, [{ site: site.id, kind, key, version, atMs }]);
    const change =
      schedule.mode === 'disarm'
        ? disarm(state, null, nowMs)
        : await this.#armByItself(tx, area, state, { ...schedule, mode: schedule.mode }, nowMs);
    if (!change) return {};
    await this.#save(tx, change, nowMs);
    await this.#note(tx, change, nowMs);
    return { change };
  }

  async #armByItself(
    tx: Queryable,
    area: ArmingArea,
    state: AreaState,
    { mode, notReady }: { readonly mode: ArmingMode; readonly notReady: 'bypass' | 'refuse' },
    nowMs: number,
  ): Promise<AreaChange | undefined> {
    const { phase } = state;
    const isSame = (phase === 'armed' || phase === 'exit') && state.mode === mode;
    const rules = area.modes[mode];
    if (!rules || isSame || phase === 'entry' || phase === 'alarm') return undefined;
    const left = state.bypassed.map(({ device }) => device);
    const exitMs = rules.exitSeconds * 1_000;
    const problems = withoutWay(problemsOf(area, mode, await this.#known(tx, area), left), rules.way, exitMs);
    if (problems.length > 0 && notReady === 'refuse') return refuse(state, mode, problems, nowMs);
    const bypass = problems.map((problem) => ({
      device: problem.device,
      until: isOpen(problem) ? ('closed' as const) : ('once' as const),
    }));
    return arm(state, { mode, by: null, bypass, exitMs, nowMs });
  }

  /** A code that says that somebody was forced: a silent panic, where they do not see it. */
  async #disarmed(tx: Queryable, steps: readonly DueStep[]): Promise<DueOutcome> {
    const context = this.#options.context();
    const events = steps.flatMap(({ key, payload }) => {
      const area = payload.silent === true ? this.#map.find(partsOfKey(key).area) : undefined;
      const place = area && this.#silentPlace(area);
      const panic = { type: 'watchpost.panic.pressed.v1', data: { silent: true } } as const;
      return place ? [this.#systemEvents.make({ ...panic, place })] : [];
    });
    if (events.length === 0) return {};
    const entries: ChangeEntry[] = [];
    const keep = async (made: readonly ChangeEntry[]) => {
      entries.push(...made);
      return made;
    };
    await commitIn(tx, keep, { ...emptyBatch, events }, context);
    return { entries };
  }

  /** The way in of an area, as a place of the zone whose people hear of it. */
  #silentPlace({ id, silentZone, modes }: ArmingArea): EventPlace | undefined {
    const { directory } = this.#options.context();
    const way = Object.values(modes).flatMap((rules) => rules?.way ?? []);
    const device = [...way, ...this.#map.devicesOf(id)].flatMap((one) => directory.device(one) ?? [])[0];
    return device && silentZone ? { ...device, zone: silentZone } : undefined;
  }

  #known(tx: Queryable, { id }: ArmingArea): Promise<KnownDevices> {
    return knownDevices(tx, this.#options.context().directory, this.#map.devicesOf(id));
  }

  /** What an open device said, as it counts while armed. */
  #heldOf({ conditions }: KnownDevices, device: string): HeldEvent[] {
    const { directory, rules } = this.#options.context();
    return (conditions.get(device) ?? []).flatMap(({ active, event, receivedAt }) => {
      if (!active) return [];
      const criticality = directory.zone(event.subject)?.criticality ?? 0.5;
      const around = contextOf({ criticality, armed: true, devices: 0, genuine: 0, mistaken: 0 }, 0);
      if (!mayAlert(event, around, rules)) return [];
      const { groupKey } = subjectOf(event);
      return [{ event, device, groupKey, receivedAt, risk: scoreEvent(event, around, rules) }];
    });
  }

  async #save(tx: Queryable, change: AreaChange, nowMs: number): Promise<void> {
    const { directory, newId } = this.#options.context();
    await saveArea(tx, directory.site.id, change, { id: newId(), nowMs });
  }

  async #note(tx: Queryable, { state, step, devices }: AreaChange, nowMs: number): Promise<void> {
    const action: AuditAction = step === 'disarm' ? 'area_disarmed' : 'area_armed';
    await append(tx, {
      ...{ at: new Date(nowMs).toISOString(), actor: 'system', action, reason: null },
      ...{ site: this.#options.context().directory.site.id, subject: { kind: 'area', id: state.area } },
      outcome: step === 'refused' ? 'refused' : 'done',
      details: { mode: state.mode, devices: [...devices], schedule: true },
    });
  }
}

/** Whether somebody can close it. */
const isOpen = ({ problem }: ReadinessProblem): boolean => problem === 'open' || problem === 'covered';

/** The way out may stand open while people leave; whether it is closed is asked at the end of that. */
export const withoutWay = (
  problems: readonly ReadinessProblem[],
  way: readonly string[],
  exitMs: number,
): ReadinessProblem[] =>
  problems.filter(({ device, problem }) => exitMs === 0 || problem !== 'open' || !way.includes(device));
