import { randomUUID } from 'node:crypto';
import type { ArmRequest, Session } from '@watchpost/contracts/api';
import { type Site, siteSchema } from '@watchpost/contracts/site';
import type { SiteId } from '@watchpost/contracts/wire';
import { afterEach, expect, test } from 'vitest';
import { Arming } from '../arming/arming.ts';
import { ArmingContext } from '../arming/arming-context.ts';
import { faultsOf } from '../arming/arming-watch.ts';
import { ArmingWork } from '../arming/arming-work.ts';
import type { Person } from '../governance/person.ts';
import { commitBatch } from '../ingest/commit-batch.ts';
import { emptyBatch } from '../ingest/ingest-batch.ts';
import { siteDirectory } from '../places/site-directory.ts';
import { defaultPolicy } from '../policy.ts';
import { defaultRuleSet } from '../risk/rule-set.ts';
import { deleteAccount, findAccount, saveAccount } from '../store/account-store.ts';
import { countAlerts } from '../store/alert-queue.ts';
import { areaStates } from '../store/arming-store.ts';
import { saveStatusChanges } from '../store/uptime-store.ts';
import { DueRun } from './due-run.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { doorAlarm, smokeAlarm } from './test-events.ts';
import { armedSite } from './test-site.ts';

const secondMs = 1_000;
const minuteMs = 60_000;

/** How every store keeps areas armed. */
export function armingContract(run: StoreRun): void {
  let due: DueRun | undefined;
  const areas = ['arming_area', 'arming_step', 'device_condition'] as const;
  const tables = [...areas, 'due', 'device_status', 'event', 'device_disposition'] as const;
  const forget = async () => {
    for (const table of tables) await run.store.db.deleteFrom(table).where('site', '=', run.site).execute();
  };
  const begin = async (changed: object = {}) => {
    const { db, changes } = run.store;
    const [house] = armedSite.arming ?? [];
    const site: Site = siteSchema.parse({
      ...{ ...armedSite, id: run.site },
      arming: [{ ...house, ...changed }],
    });
    const directory = siteDirectory(site);
    const context = () => ({
      ...{ directory, rules: defaultRuleSet, policy: defaultPolicy, newId: randomUUID },
      nowMs: running.nowMs,
    });
    const fresh = () => new ArmingWork({ context });
    const running: DueRun = new DueRun(run, [], new LateWork(fresh).handlers);
    due = running;
    // What other claims left says of the door and of its trust something else.
    await forget();
    await fresh().ensure(db);
    const armed = new ArmingContext({ directory, newId: randomUUID });
    const arming = new Arming({
      ...{ db, nowMs: () => running.nowMs, newId: randomUUID, changed: () => undefined },
      sites: new Map([[run.site, directory]]),
    });
    const person = (name: string): Person => ({
      ...{ account: randomUUID(), name },
      sites: [
        {
          site: run.site as SiteId,
          role: 'officer',
          permissions: ['arming.read', 'arming.set'],
          zones: null,
        },
      ] as Session['sites'],
    });
    const anna = person('anna');
    const ask = (by: Person) => ({ person: by, site: run.site as SiteId, area: 'house', isProgram: false });
    type Sketch = Parameters<StoreRun['incoming']>[0];
    const take = async (...sketches: Sketch[]): Promise<string[]> => {
      const time = new Date(running.nowMs).toISOString();
      const events = sketches.map((sketch) =>
        run.incoming({ epoch: newEpoch(), time, ...sketch } as Sketch, running.nowMs),
      );
      const { alerts } = await commitBatch(
        changes,
        { ...emptyBatch, events },
        { ...context(), arming: armed },
      );
      return alerts.map(({ eventType, details, severity }) => `${eventType}/${details.kind} ${severity}`);
    };
    const cleared = (kind: 'door' | 'motion', device = 'door1') =>
      ({ type: 'watchpost.sensor.cleared.v1', data: { kind }, device }) as const;
    const motion = { type: 'watchpost.sensor.alarm.v1', data: { kind: 'motion' }, device: 'smoke1' } as const;
    const view = async () => {
      const [one] = (await arming.list(anna, [run.site as SiteId], false)).areas;
      if (!one) throw new Error('no area');
      return one;
    };
    const arm = (request: Partial<ArmRequest> = {}, by = anna) =>
      arming.arm(ask(by), { id: randomUUID(), mode: 'away', bypass: [], atOnce: false, ...request });
    const disarm = (by = anna, version?: number) =>
      arming.disarm(ask(by), { id: randomUUID(), ...(version === undefined ? {} : { version }) });
    const alerts = async () => {
      const rows = await db
        .selectFrom('alert')
        .select(['kind', 'severity', 'device', 'zone'])
        .where('site', '=', run.site)
        .where('state', '=', 'open')
        .execute();
      return rows.map(({ kind, severity }) => `${kind.replace('watchpost.', '')} ${severity}`).sort();
    };
    // The door has said that it is closed.
    await take(cleared('door'));
    return {
      arming,
      anna,
      bert: person('bert'),
      ask,
      take,
      cleared,
      motion,
      view,
      arm,
      disarm,
      alerts,
      due: running,
    };
  };
  afterEach(async () => {
    if (!due) return;
    due.end();
    due = undefined;
    const { db } = run.store;
    await forget();
    const open = await db
      .selectFrom('alert')
      .select('id')
      .where('site', '=', run.site)
      .where('state', '<>', 'closed')
      .execute();
    for (const { id } of open) {
      await run.step(id, { to: 'acknowledged' }).catch(() => undefined);
      await run.step(id, { to: 'resolved', disposition: 'test' }).catch(() => undefined);
      await run.step(id, { to: 'closed' }).catch(() => undefined);
    }
  });

  test('25: whoever leaves may use the door; what moves afterwards alarms, what moved before does not', async () => {
    const { arm, take, motion, view, cleared, due } = await begin();
    expect(await take(motion)).toEqual([]);
    await take(cleared('motion', 'smoke1'));
    expect(await arm()).toMatchObject({ phase: 'exit', mode: 'away', by: 'anna' });
    await due.pass(10 * secondMs);
    expect(await take(doorAlarm())).toEqual([expect.stringMatching(/door medium$/)]);
    expect(await take(motion)).toEqual([]);
    await take(cleared('door'), cleared('motion', 'smoke1'));
    await due.pass(20 * secondMs);
    expect(await view()).toMatchObject({ phase: 'armed', lateMs: 0, until: null });
    expect(await take(motion)).toEqual([expect.stringMatching(/motion/)]);
  });

  test('25: with the door open at the end of the exit delay nothing is armed, and the door is named', async () => {
    const { arm, take, view, due } = await begin();
    await arm();
    await take(doorAlarm());
    await due.pass(31 * secondMs);
    expect(await view()).toMatchObject({
      ...{ phase: 'disarmed', mode: null },
      refused: { mode: 'away', problems: [{ device: 'door1', problem: 'open' }] },
    });
    const states = await areaStates(run.store.db, run.site, ['house']);
    expect([...states.values()].flatMap(faultsOf)).toEqual(['arming.refused']);
    await expect(arm({ atOnce: true })).rejects.toMatchObject({
      ...{ code: 'arming.not_ready', details: { devices: 'door1: open' } },
    });
  });

  test('25: or it alarms, as the area says', async () => {
    const { arm, take, view, alerts, due } = await begin({ stillOpen: 'alarm' });
    await arm();
    await take(doorAlarm());
    expect(await alerts()).toEqual(['sensor.alarm.v1/door medium']);
    await due.pass(31 * secondMs);
    expect(await view()).toMatchObject({ phase: 'alarm' });
    expect(await alerts()).toEqual(['sensor.alarm.v1/door high']);
  });

  test('25: who comes in has the entry delay; it ends at its time although everything was started anew, and says how late', async () => {
    const { arm, take, view, alerts, due } = await begin();
    await arm();
    await due.pass(31 * secondMs);
    await take(doorAlarm());
    expect(await view()).toMatchObject({ phase: 'entry', entered: { device: 'door1' } });
    expect(await alerts()).toEqual(['sensor.alarm.v1/door medium']);
    // Nothing ran for two minutes.
    due.sleep(2 * minuteMs);
    await due.worker.look();
    expect(await view()).toMatchObject({ phase: 'alarm', lateMs: 100 * secondMs });
    expect(await alerts()).toEqual(['sensor.alarm.v1/door high']);
  });

  test('25: disarming within the entry delay voids its end, and twice is harmless', async () => {
    const { arm, take, view, alerts, disarm, due } = await begin();
    await arm();
    await due.pass(31 * secondMs);
    await take(doorAlarm());
    await due.pass(10 * secondMs);
    const first = await disarm();
    expect(first).toMatchObject({ phase: 'disarmed', by: 'anna' });
    expect(await disarm()).toEqual(first);
    await due.pass(5 * minuteMs);
    expect(await view()).toMatchObject({ phase: 'disarmed' });
    expect(await alerts()).toEqual(['sensor.alarm.v1/door medium']);
  });

  test('25: danger to life is never disarmed', async () => {
    const { take } = await begin();
    expect(await take(smokeAlarm())).toEqual([expect.stringMatching(/smoke critical$/)]);
  });

  test('25: a device is left out once, or until it is closed', async () => {
    const { arm, arming, ask, anna, take, cleared, view, disarm } = await begin();
    await take(doorAlarm());
    await arm({ atOnce: true, bypass: [{ device: 'door1' as never, until: 'closed' }] });
    expect(await view()).toMatchObject({ phase: 'armed', bypassed: [{ device: 'door1', until: 'closed' }] });
    await take(cleared('door'));
    expect(await view()).toMatchObject({ phase: 'armed', bypassed: [] });
    expect((await arming.steps(ask(anna)))[0]).toMatchObject({ step: 'closed', devices: ['door1'] });
    // It counts again.
    await take(doorAlarm());
    expect(await view()).toMatchObject({ phase: 'entry' });
    await disarm();
    await take(cleared('door'));
    await arm({ mode: 'night', bypass: [{ device: 'door1' as never, until: 'once' }] });
    await take(doorAlarm());
    expect(await view()).toMatchObject({ phase: 'armed' });
    await take(cleared('door'));
    expect((await view()).bypassed).toHaveLength(1);
    await disarm();
    expect((await view()).bypassed).toEqual([]);
  });

  test('25: what is lost, and what has not said how it is, keeps an area from being armed', async () => {
    const { arm, view } = await begin();
    const at = new Date(Date.now() - minuteMs).toISOString();
    await saveStatusChanges(run.store.db, run.site, [{ device: 'smoke1', at, status: 'down' }]);
    await run.store.db.deleteFrom('device_condition').where('site', '=', run.site).execute();
    const { modes } = await view();
    expect(modes.find(({ mode }) => mode === 'night')?.problems).toEqual([
      { device: 'door1', problem: 'unknown', since: null },
      { device: 'smoke1', problem: 'lost', since: at },
    ]);
    await expect(arm({ mode: 'night' })).rejects.toMatchObject({ code: 'arming.not_ready' });
  });

  test('25: two at once: one decides, the other hears who did what; what only time changed makes nothing stale', async () => {
    const { arm, view, bert, disarm, due } = await begin();
    const { version } = await view();
    const answers = await Promise.allSettled([
      arm({ version, mode: 'away' }),
      arm({ version, mode: 'night' }, bert),
    ]);
    const refused = answers.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({
      ...{ code: 'arming.changed', details: { by: expect.stringMatching(/anna|bert/) } },
    });
    await disarm();
    const leaving = await arm();
    await due.pass(31 * secondMs);
    expect(await disarm(bert, leaving.version)).toMatchObject({ phase: 'disarmed', by: 'bert' });
    await expect(arm({ version: leaving.version })).rejects.toMatchObject({ code: 'arming.changed' });
  });

  test('25: a schedule arms by itself, without what is open; it says so before, and is put off once', async () => {
    const schedules = [{ at: '22:00', mode: 'night', warnMinutes: 10, postponeMinutes: 30 }];
    const { take, view, arming, ask, anna, due } = await begin({ schedules });
    await take(doorAlarm());
    const { next } = await view();
    const atMs = Date.parse(next?.at ?? '');
    expect(next).toMatchObject({ mode: 'night', postponeMinutes: 30 });
    expect(atMs - Date.parse(next?.warnFrom ?? '')).toBe(10 * minuteMs);
    await arming.postpone(ask(anna), { id: randomUUID(), at: next?.at ?? '' });
    const put = (await view()).next;
    expect([Date.parse(put?.at ?? '') - atMs, put?.postponeMinutes]).toEqual([30 * minuteMs, 0]);
    await expect(arming.postpone(ask(anna), { id: randomUUID(), at: put?.at ?? '' })).rejects.toMatchObject({
      code: 'arming.not_postponed',
    });
    await due.pass(atMs + 30 * minuteMs - due.nowMs);
    expect(await view()).toMatchObject({
      ...{ phase: 'armed', mode: 'night', by: null },
      bypassed: [{ device: 'door1', until: 'closed', by: null }],
      next: { postponeMinutes: 30 },
    });
    const states = await areaStates(run.store.db, run.site, ['house']);
    expect([...states.values()].flatMap(faultsOf)).toEqual(['arming.left_out']);
  });

  test('25: or it arms nothing, and people are told', async () => {
    const schedules = [{ at: '22:00', mode: 'night', notReady: 'refuse' }];
    const { take, view, due } = await begin({ schedules });
    await take(doorAlarm());
    await due.pass(Date.parse((await view()).next?.at ?? '') - due.nowMs);
    expect(await view()).toMatchObject({ phase: 'disarmed', refused: { mode: 'night' } });
  });

  test('25: a schedule that disarms lets nobody off who has come in', async () => {
    const { arm, arming, ask, anna, take, view, alerts, due } = await begin({
      schedules: [{ at: '06:00', mode: 'disarm' }],
    });
    await arm({ atOnce: true });
    await due.pass(Date.parse((await view()).next?.at ?? '') - due.nowMs - 10 * secondMs);
    await take(doorAlarm());
    await due.pass(minuteMs);
    expect(await alerts()).toEqual(['sensor.alarm.v1/door high']);
    expect((await arming.steps(ask(anna))).map(({ step }) => step)).toEqual([
      'disarm',
      'alarm',
      'entry',
      'arm',
    ]);
  });

  test('25: a code under duress disarms as any other does, and others hear of it in silence', async () => {
    const { arm, arming, anna, view, due } = await begin();
    const { db } = run.store;
    const name = `officer-${run.name}`;
    await saveAccount(db, { name, roles: { [run.site]: 'officer' }, password: 'none' });
    const account = (await findAccount(db, name))?.id ?? '';
    const forced: Person = {
      ...{ account, name },
      sites: [
        {
          ...{ site: run.site as SiteId, role: 'officer', zones: ['stores'] },
          permissions: ['arming.read', 'arming.set'],
        },
      ] as unknown as Session['sites'],
    };
    await arming.setCode(forced, { code: '2580', duress: '1379' });
    const disarmWith = async (code: string) => {
      await arm({ atOnce: true });
      const asked = { person: forced, site: run.site as SiteId, area: 'house', isProgram: false };
      const answer = await arming.disarm(asked, { id: randomUUID(), code });
      const [step] = await arming.steps(asked);
      const audit = await db
        .selectFrom('audit')
        .select(['action', 'details'])
        .orderBy('position', 'desc')
        .limit(1)
        .execute();
      const written = await db.selectFrom('due').select('kind').where('site', '=', run.site).execute();
      const without = JSON.stringify([answer, step, audit, written]).replace(/"version":\d+/g, '');
      return without.replace(/\d{4}-\d\d-\d\dT[^"]*Z/g, '');
    };
    const panics = async () => {
      await due.worker.look();
      return db
        .selectFrom('alert')
        .select(['severity', 'zone', 'details'])
        .where('site', '=', run.site)
        .where('event_type', '=', 'watchpost.panic.pressed.v1')
        .where('state', '=', 'open')
        .execute();
    };
    const willing = await disarmWith('2580');
    expect(await panics()).toEqual([]);
    expect(await disarmWith('1379')).toBe(willing);
    expect(await panics()).toMatchObject([{ severity: 'critical', zone: 'gate', details: { silent: true } }]);
    // Others are to hear of it: it counts, and sounds, like any critical alert.
    expect((await countAlerts(db, run.site)).waiting.critical).toBe(1);
    expect(await view()).toMatchObject({ phase: 'disarmed' });
    // Whoever is limited to the store room sees nothing of the gate.
    await expect(disarmWith('0000')).rejects.toMatchObject({ code: 'arming.code_wrong' });
    // A keypad says whose code was typed.
    const keypad = { person: anna, site: run.site as SiteId, area: 'house', isProgram: true };
    const byKeypad = (user?: string) =>
      arming.disarm(keypad, { id: randomUUID(), code: '2580', ...(user === undefined ? {} : { user }) });
    await expect(byKeypad()).rejects.toMatchObject({ code: 'arming.code_needed' });
    await expect(byKeypad('nobody')).rejects.toMatchObject({ code: 'arming.code_wrong' });
    expect(await byKeypad(name)).toMatchObject({ phase: 'disarmed', by: name });
    await deleteAccount(db, name);
    expect(
      await db.selectFrom('arming_code').select('account').where('account', '=', account).execute(),
    ).toEqual([]);
  });
}

/** Work that is made anew for each step, as by processes that begin. */
class LateWork {
  readonly #fresh: () => ArmingWork;

  constructor(fresh: () => ArmingWork) {
    this.#fresh = fresh;
  }

  get handlers(): ArmingWork['handlers'] {
    const kinds = ['arming.exit', 'arming.entry', 'arming.schedule', 'arming.disarmed'] as const;
    return Object.fromEntries(
      kinds.map((kind) => [
        kind,
        async (...args: Parameters<NonNullable<ArmingWork['handlers'][typeof kind]>>) =>
          this.#fresh().handlers[kind]?.(...args),
      ]),
    );
  }
}
