import type {
  ArmingAreaView,
  ArmingList,
  ArmingStep,
  ArmRequest,
  AuditAction,
  AuditDetails,
  BypassRequest,
  DisarmRequest,
  OwnArmingCode,
  PostponeRequest,
} from '@watchpost/contracts/api';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ArmingArea } from '@watchpost/contracts/site';
import type { SiteId } from '@watchpost/contracts/wire';
import { append } from '../governance/audit-log.ts';
import { indexOutside, maySomebody, type Person, zonesFor } from '../governance/person.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import {
  areaStates,
  areaSteps,
  isStepTaken,
  lockArea,
  saveArea,
  scheduledRows,
} from '../store/arming-store.ts';
import { writeDue } from '../store/due-store.ts';
import type { Queryable } from '../store/schema.ts';
import { AreaMap, countsIn } from './area-rules.ts';
import {
  type AreaChange,
  type AreaState,
  type ArmingActor,
  arm,
  bypass,
  disarm,
  disarmedArea,
  isArmedPhase,
} from './area-state.ts';
import { areaView, nextOf } from './area-view.ts';
import { ArmingCodes, type CheckedCode } from './arming-codes.ts';
import { dueOfDelay, partsOfKey } from './arming-due.ts';
import { withoutWay } from './arming-work.ts';
import { armingPolicy } from './policy.ts';
import { knownDevices, problemsOf } from './readiness.ts';

/** What {@link Arming} needs. */
export interface ArmingOptions {
  readonly db: Queryable;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly sites: ReadonlyMap<string, SiteDirectory>;
  /** Told after a commit, and when something is due by it. */
  readonly changed: (atMs: number) => void;
}

/** An area as somebody asks for it. */
export interface AskedArea {
  readonly person: Person;
  readonly site: SiteId;
  readonly area: string;
  /** A program has no code of its own: it names whose it is. */
  readonly isProgram: boolean;
}

/**
 * Areas that people arm and disarm. What a person may not see answers as if it did not exist; every change is
 * one transaction with its step, what is due by it and its entry in the audit log.
 */
export class Arming {
  readonly #options: ArmingOptions;
  readonly #maps: ReadonlyMap<string, AreaMap>;
  readonly #codes: ArmingCodes;

  constructor(options: ArmingOptions) {
    this.#options = options;
    this.#maps = new Map([...options.sites].map(([id, directory]) => [id, new AreaMap(directory)]));
    this.#codes = new ArmingCodes(options.db, () => performance.now());
  }

  /** The areas that exist for a person. */
  async list(person: Person, sites: readonly SiteId[], isProgram: boolean): Promise<ArmingList> {
    const areas: ArmingAreaView[] = [];
    for (const site of sites) areas.push(...(await this.#views(site, this.#areasFor(person, site))));
    const ownCode = isProgram ? null : await this.#codes.has(person.account);
    return { areas, time: this.#now(), ownCode };
  }

  /** What happened to an area, the newest first. @throws WatchpostError `api.not_found` */
  async steps(asked: AskedArea): Promise<ArmingStep[]> {
    this.#find(asked);
    return areaSteps(this.#options.db, asked.site, asked.area, armingPolicy.stepsShown);
  }

  /**
   * Arms it; where it is armed so already, nothing is done.
   * @throws WatchpostError `api.not_found`, `arming.no_mode`, `arming.unknown_device`, `arming.changed`,
   *   `arming.not_ready`, `arming.code_needed` for another mode where a code disarms
   */
  async arm(asked: AskedArea, request: ArmRequest): Promise<ArmingAreaView> {
    const { area } = this.#find(asked);
    const { mode, bypass: left, atOnce } = request;
    const rules = area.modes[mode];
    if (!rules) throw new WatchpostError('arming.no_mode', { path: '/mode' });
    this.#checkDevices(
      asked,
      left.map(({ device }) => device),
    );
    const exitMs = atOnce ? 0 : rules.exitSeconds * 1_000;
    return this.#change(asked, request, 'area_armed', async (tx, state, by) => {
      if ((state.phase === 'armed' || state.phase === 'exit') && state.mode === mode && left.length === 0)
        return undefined;
      if (state.phase === 'entry' || state.phase === 'alarm') throw changed(state, request.version);
      if (state.phase === 'armed') needNoCode(area);
      const devices = this.#maps.get(asked.site)?.devicesOf(area.id) ?? [];
      const known = await knownDevices(tx, this.#directory(asked.site), devices);
      const without = [...state.bypassed, ...left].map(({ device }) => device);
      const problems = withoutWay(problemsOf(area, mode, known, without), rules.way, exitMs);
      if (problems.length > 0)
        throw new WatchpostError('arming.not_ready', {
          details: { devices: problems.map(({ device, problem }) => `${device}: ${problem}`).join(', ') },
        });
      return arm(state, { mode, by, bypass: left, exitMs, nowMs: this.#options.nowMs() });
    });
  }

  /**
   * Disarms it; where it is disarmed already, nothing is done.
   * @throws WatchpostError `api.not_found`, `arming.changed`, `arming.code_needed`, `arming.code_wrong`,
   *   `arming.code_slowed`
   */
  async disarm(asked: AskedArea, request: DisarmRequest): Promise<ArmingAreaView> {
    const { area } = this.#find(asked);
    const checked = await this.#checkCode(asked, area, request);
    return this.#change(
      asked,
      request,
      'area_disarmed',
      async (_tx, state, by) => disarm(state, by, this.#options.nowMs()),
      checked,
    );
  }

  /**
   * Leaves a device out, or takes it back in.
   * @throws WatchpostError `api.not_found`, `arming.unknown_device`, `arming.changed`, `arming.code_needed`
   */
  async bypass(asked: AskedArea, request: BypassRequest): Promise<ArmingAreaView> {
    const { area } = this.#find(asked);
    const { device, until } = request;
    this.#checkDevices(asked, [device]);
    return this.#change(asked, request, 'area_bypassed', async (_tx, state, by) => {
      if (until !== null && isArmedPhase(state.phase)) needNoCode(area);
      return bypass(state, device, until, by, this.#options.nowMs());
    });
  }

  /**
   * Puts off what the schedule does next, once.
   * @throws WatchpostError `api.not_found`, `arming.not_postponed`
   */
  async postpone(asked: AskedArea, { id, at }: PostponeRequest): Promise<ArmingAreaView> {
    const { area } = this.#find(asked);
    const { site } = asked;
    return this.#change(asked, { id }, 'arming_postponed', async (tx, state, by) => {
      const rows = (await scheduledRows(tx, site)).filter(({ key }) => partsOfKey(key).area === area.id);
      const [row] = rows;
      const next = nextOf(area, rows);
      if (!row || !next || next.postponeMinutes === 0 || next.at !== new Date(Date.parse(at)).toISOString())
        throw new WatchpostError('arming.not_postponed');
      const atMs = row.atMs + next.postponeMinutes * 60_000;
      const due = { site, kind: 'arming.schedule', key: row.key, version: row.version, atMs } as const;
      await writeDue(tx, [{ ...due, payload: { base: row.atMs } }]);
      return { state: { ...state, version: state.version + 1 }, step: 'postpone', by, devices: [] };
    });
  }

  /** Sets the codes of a person. @throws WatchpostError `arming.code_unfit`, `arming.duress_seen` */
  async setCode(person: Person, codes: OwnArmingCode): Promise<void> {
    const areas = person.sites.flatMap(({ site }) =>
      maySomebody(person, site, 'arming.set')
        ? this.#areasFor(person, site).map((area) => ({ site: site as string, area }))
        : [],
    );
    await this.#codes.set(person, areas, codes, this.#options.nowMs());
  }

  async #checkCode(
    { person, site, isProgram }: AskedArea,
    area: ArmingArea,
    { code, user }: DisarmRequest,
  ): Promise<CheckedCode | undefined> {
    const isNeeded = isProgram || area.needsCode;
    if (code === undefined && !isNeeded) return undefined;
    if (code === undefined) throw new WatchpostError('arming.code_needed', { path: '/code' });
    if (!isProgram) return this.#codes.ofPerson(person, { site, area, code });
    if (user === undefined) throw new WatchpostError('arming.code_needed', { path: '/user' });
    return this.#codes.ofName(user, { site, area, code });
  }

  async #change(
    asked: AskedArea,
    { id, version }: { readonly id: string; readonly version?: number | undefined },
    action: AuditAction,
    decide: (tx: Queryable, state: AreaState, by: ArmingActor) => Promise<AreaChange | undefined>,
    code?: CheckedCode,
  ): Promise<ArmingAreaView> {
    const { db, nowMs, changed: tell } = this.#options;
    const { person, site, area } = asked;
    const by = code ?? person;
    let dueMs = nowMs();
    await db.transaction().execute(async (tx) => {
      const state = await lockArea(tx, site, area, true);
      if (await isStepTaken(tx, site, id)) return;
      // Written whichever code it was: nobody can tell by the time that the answer takes.
      if (code !== undefined) {
        const due = { site, kind: 'arming.disarmed', key: `${area} ${id}`, version: 1 } as const;
        await writeDue(tx, [{ ...due, atMs: nowMs(), payload: { silent: code.silent } }]);
      }
      if (action === 'area_disarmed' && state.phase === 'disarmed') return;
      if (version !== undefined && version < state.decided) throw changed(state, version);
      const change = await decide(tx, state, { account: by.account, name: by.name });
      if (!change) return;
      await saveArea(tx, site, change, { id, nowMs: nowMs() });
      const due = dueOfDelay(site, change.state);
      await writeDue(tx, due);
      dueMs = due[0]?.atMs ?? dueMs;
      const details: AuditDetails = {
        ...{ mode: change.state.mode, devices: [...change.devices], version: change.state.version },
        ...(code && asked.isProgram ? { through: person.name } : {}),
      };
      await append(tx, {
        ...{ at: this.#now(), actor: { account: by.account, name: by.name }, site, action, outcome: 'done' },
        ...{ subject: { kind: 'area', id: area }, reason: null, details },
      });
    });
    tell(nowMs());
    if (dueMs > nowMs()) tell(dueMs);
    const [view] = await this.#views(site, [this.#find(asked).area]);
    if (!view) throw new WatchpostError('api.not_found');
    return view;
  }

  async #views(site: SiteId, areas: readonly ArmingArea[]): Promise<ArmingAreaView[]> {
    if (areas.length === 0) return [];
    const { db } = this.#options;
    const map = this.#maps.get(site);
    const states = await areaStates(
      db,
      site,
      areas.map(({ id }) => id),
    );
    const devices = areas.flatMap(({ id }) => map?.devicesOf(id) ?? []);
    const all = await knownDevices(db, this.#directory(site), devices);
    const rows = await scheduledRows(db, site);
    return areas.map((area) => {
      const own = new Set(map?.devicesOf(area.id));
      const known = { ...all, devices: all.devices.filter(({ id }) => own.has(id)) };
      return areaView(site, area, states.get(area.id) ?? disarmedArea(area.id), { known, rows });
    });
  }

  /** The areas whose zones are all among those of a person. */
  #areasFor(person: Person, site: string): readonly ArmingArea[] {
    const zones = zonesFor(person, site);
    return (this.#maps.get(site)?.areas ?? []).filter((area) => indexOutside(zones, area.zones) < 0);
  }

  #find({ person, site, area }: AskedArea): { readonly area: ArmingArea } {
    const found = this.#areasFor(person, site).find(({ id }) => id === area);
    if (!found) throw new WatchpostError('api.not_found');
    return { area: found };
  }

  #checkDevices({ site, area }: AskedArea, devices: readonly string[]): void {
    const map = this.#maps.get(site);
    const own = map?.devicesOf(area) ?? [];
    const modes = Object.values(map?.find(area)?.modes ?? {});
    const counts = (device: string) => modes.some((rules) => rules && countsIn(rules, device));
    const unknown = devices.find((device) => !own.includes(device) || !counts(device));
    if (unknown !== undefined)
      throw new WatchpostError('arming.unknown_device', { details: { device: unknown } });
  }

  #directory(site: string): SiteDirectory {
    const found = this.#options.sites.get(site);
    if (!found) throw new WatchpostError('api.not_found');
    return found;
  }

  #now(): string {
    return new Date(this.#options.nowMs()).toISOString();
  }
}

/** Who did what since it was looked at. */
function changed({ version, phase, mode, by, sinceMs }: AreaState, seen: number | undefined): WatchpostError {
  return new WatchpostError('arming.changed', {
    path: '/version',
    details: {
      ...{ version, phase, mode: mode ?? 'none', by: by?.name ?? 'schedule' },
      ...(seen === undefined ? {} : { seen }),
      ...(sinceMs === null ? {} : { at: new Date(sinceMs).toISOString() }),
    },
  });
}

/** Where a code disarms, nothing less than that makes an armed area less. */
function needNoCode(area: ArmingArea): void {
  if (area.needsCode) throw new WatchpostError('arming.code_needed', { details: { disarmFirst: true } });
}
