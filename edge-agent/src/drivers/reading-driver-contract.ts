import { setTimeout as delay } from 'node:timers/promises';
import { deviceSchema, type SensorConnect } from '@watchpost/contracts/site';
import { loadProfiles } from '@watchpost/hardware';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runningSensor } from '../testing/running-sensor.ts';
import type { ReadingDriver, ReadingEvents } from './reading-driver.ts';
import { openReadings } from './registry.ts';
import type { SharedConnections } from './shared-connections.ts';

/** A door contact behind a driver, and whoever speaks for it. */
export interface DriverBench {
  /** How it is reached, as a configuration says it. */
  readonly connect: object;
  readonly shared: SharedConnections;
  /** The door is opened or closed. Called only after the driver said `up`. */
  say(open: boolean): void | Promise<void>;
  /** Only of what speaks when it is asked: it says nothing any more, until `say`. */
  readonly hush?: () => void;
  /** Only of what can say nonsense: it says something that is no state of a door. */
  readonly garbage?: () => Promise<void>;
  /** Only of what can be cut off: the way to the device vanishes, and comes back. */
  readonly cut?: { vanish(): Promise<void>; comeBack(): Promise<void> };
  close(): Promise<void>;
}

export interface DriverTraits {
  readonly canBeCut: boolean;
  readonly canSayNonsense: boolean;
}

const place = { id: 'd1', kind: 'door_contact', profile: 'generic-door-contact', zone: 'hall' };
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 10 });

/** What was told, in order; what is told again and again is kept once. */
function ears() {
  const told: string[] = [];
  const tell = (what: string) => {
    if (what !== told.at(-1)) told.push(what);
  };
  const events: ReadingEvents = {
    up: () => tell('up'),
    lost: () => tell('lost'),
    read: (reading) => {
      const isNow = Math.abs(reading.timeMs - Date.now()) < 60_000;
      tell(reading.kind === 'door' && isNow ? (reading.open ? 'open' : 'closed') : 'no reading of this door');
    },
    alive: () => undefined,
    unreadable: () => tell('unreadable'),
    concern: () => undefined,
    battery: () => undefined,
  };
  return { told, events };
}

const isBack = (told: readonly string[]) => told.lastIndexOf('up') > told.lastIndexOf('lost');

/** Sockets, servers and timers that this process holds. */
function held(): Record<string, number> {
  const counts: Record<string, number> = { TCPSocketWrap: 0, TCPServerWrap: 0, Timeout: 0, TTYWrap: 0 };
  for (const kind of process.getActiveResourcesInfo())
    if (kind in counts) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** What every driver of sensors does, whatever it hangs on. Call it inside a `describe`. */
export function readingDriverContract(open: () => Promise<DriverBench>, traits: DriverTraits): void {
  let bench: DriverBench;
  let driver: ReadingDriver;
  beforeEach(async () => {
    bench = await open();
    const connect = deviceSchema.parse({ ...place, connect: bench.connect }).connect as SensorConnect;
    const profile = loadProfiles().get(place.profile);
    if (!profile) throw new Error('no profile');
    driver = openReadings(connect, { device: 'd1', kind: 'door_contact', profile, shared: bench.shared });
  });
  afterEach(async () => {
    await driver.stop();
    await bench.close();
  });

  async function started() {
    const heard = ears();
    driver.start(heard.events);
    await until(() => expect(heard.told).toContain('up'));
    return heard.told;
  }
  async function hears(told: readonly string[], state: 'open' | 'closed') {
    await bench.say(state === 'open');
    await until(() => expect(told.at(-1)).toBe(state));
  }

  test('does nothing before it is started', async () => {
    const before = held();
    await delay(100);
    const more = Object.entries(held()).filter(([kind, count]) => count > (before[kind] ?? 0));
    expect(more.filter(([kind]) => kind !== 'Timeout')).toEqual([]);
  });

  test('says that it is up, and reads what the device says, in order', async () => {
    const told = await started();
    for (const state of ['open', 'closed', 'open'] as const) await hears(told, state);
    expect(told.filter((what) => what === 'lost' || what.startsWith('no'))).toEqual([]);
  });

  test('ends its connection and its timers when it is stopped, twice, and can be started again', async () => {
    await delay(100);
    const before = held();
    const told = await started();
    await hears(told, 'open');
    await driver.stop();
    await driver.stop();
    const length = told.length;
    for (let look = 0; ; look++) {
      await delay(20);
      const now = held();
      if (Object.entries(now).every(([kind, count]) => count <= (before[kind] ?? 0))) break;
      if (look > 500) expect(now).toEqual(before);
    }
    const again = await started();
    await hears(again, 'open');
    await hears(again, 'closed');
    expect(told).toHaveLength(length);
  });

  test('is lost when the device is silent for too long, from the start too, and back when it speaks', async () => {
    const sensor = runningSensor({ ...place, connect: bench.connect, silentAfterMs: 1000 }, bench.shared, {
      hooks: { port: 9 },
    });
    const { health } = sensor;
    bench.hush?.();
    // Whoever asks may know better why: that is told then.
    const isSilent = () =>
      expect(health.snapshot()).toMatchObject({
        status: 'lost',
        error: expect.stringMatching(/^edge\.(source_lost|modbus_silent)$/),
      });
    try {
      sensor.devices.start();
      await until(isSilent);
      await bench.say(true);
      await until(() => expect(health.snapshot().status).toBe('ok'));
      expect(sensor.taken).toMatchObject([{ device: 'd1', zone: 'hall', type: 'watchpost.sensor.alarm.v1' }]);
      bench.hush?.();
      await until(isSilent);
    } finally {
      await sensor.stop();
    }
  });

  test.runIf(traits.canSayNonsense)('counts nonsense as unreadable, throws nothing and goes on', async () => {
    const told = await started();
    await bench.garbage?.();
    await until(() => expect(told.at(-1)).toBe('unreadable'));
    await hears(told, 'open');
  });

  test.runIf(traits.canBeCut)(
    'comes back by itself after the device was away, for how long ever',
    async () => {
      const told = await started();
      await bench.cut?.vanish();
      await until(() => expect(told.at(-1)).toBe('lost'));
      await delay(2000);
      expect(told.at(-1)).toBe('lost');
      await bench.cut?.comeBack();
      await until(() => expect(isBack(told)).toBe(true));
      await hears(told, 'open');
    },
  );

  test.runIf(traits.canBeCut)('starts although nothing is there, and is up when it comes', async () => {
    await bench.cut?.vanish();
    const heard = ears();
    expect(() => driver.start(heard.events)).not.toThrow();
    await until(() => expect(heard.told.at(-1)).toBe('lost'));
    await bench.cut?.comeBack();
    await until(() => expect(isBack(heard.told)).toBe(true));
    await hears(heard.told, 'closed');
  });
}
