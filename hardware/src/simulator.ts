import { WatchpostError } from '@watchpost/contracts/errors';
import { type SimulatorPlan, type SimulatorPlanInput, simulatorPlanSchema } from '@watchpost/contracts/site';
import type { HardwareProfile, ProfileOf } from './profile.ts';
import { type Clock, type Reading, type ReadingValue, systemClock } from './reading.ts';
import { seededRandom } from './seeded-random.ts';
import { type SimulatedDevice, simulatedDevices } from './simulated-device.ts';
import type { SimulatedKind } from './simulator-actions.ts';

export interface SimulatorOptions {
  readonly deviceId: string;
  /** What it does by itself; by default nothing but its periodic samples. */
  readonly plan?: SimulatorPlanInput;
  readonly clock?: Clock;
}

/** A device that is played. Owns its timers. */
export interface Simulator {
  /**
   * Begins with the device's present state, then follows the plan from the beginning. A second start is a
   * restart.
   */
  start(onReading: (reading: Reading) => void): void;
  stop(): void;
  /**
   * Does one action now, as if by hand; see `simulatorActions`.
   * @throws WatchpostError `wire.schema` for an action or a value that this device does not have, or before
   *   `start`.
   */
  trigger(action: string, value?: number): void;
}

/**
 * The simulator of a profile's class: same profile, plan, seed and clock give the same readings.
 * @throws WatchpostError `config.invalid` for a profile without a simulator (a camera plays a file instead).
 */
export function createSimulator(profile: HardwareProfile, options: SimulatorOptions): Simulator {
  const plan = simulatorPlanSchema.parse(options.plan ?? {});
  const clock = options.clock ?? systemClock;
  let timers = new Set<() => void>();
  let emit: ((reading: Reading) => void) | null = null;
  let device: SimulatedDevice | null = null;

  function after(delayMs: number, run: () => void): void {
    const cancel = clock.after(delayMs, () => {
      timers.delete(cancel);
      run();
    });
    timers.add(cancel);
  }

  function say(value: ReadingValue): void {
    emit?.({ device: options.deviceId, timeMs: clock.now(), ...value });
  }

  function perform(action: string, value?: number): boolean {
    const answer = device?.act(action, value, clock.now());
    if (answer) say(answer);
    return answer !== undefined;
  }

  function playSchedule(): void {
    for (const { atMs, action, value } of plan.schedule) after(atMs, () => perform(action, value));
    if (plan.repeatMs !== undefined) after(plan.repeatMs, playSchedule);
  }

  function playRandom(meanMs: number, current: SimulatedDevice, random: () => number): void {
    after(Math.max(1, Math.round(-Math.log(1 - random()) * meanMs)), () => {
      for (const step of current.episode()) after(step.afterMs, () => perform(step.action, step.value));
      playRandom(meanMs, current, random);
    });
  }

  function sample(current: SimulatedDevice): void {
    const value = current.sample(clock.now());
    if (value) say(value);
    if (current.intervalMs !== null) after(current.intervalMs, () => sample(current));
  }

  function stop(): void {
    for (const cancel of timers) cancel();
    timers = new Set();
    emit = null;
  }

  makeDevice(profile, plan, () => 0);
  return {
    start(onReading) {
      stop();
      // Two streams, so that noise of the samples does not move the random happenings.
      device = makeDevice(profile, plan, seededRandom(plan.seed));
      emit = onReading;
      sample(device);
      playSchedule();
      if (plan.randomEveryMs !== undefined)
        playRandom(plan.randomEveryMs, device, seededRandom(~plan.seed >>> 0));
    },
    stop,
    trigger(action, value) {
      if (perform(action, value)) return;
      throw new WatchpostError('wire.schema', {
        path: '/action',
        details: { device: options.deviceId, action },
      });
    },
  };
}

function makeDevice(profile: HardwareProfile, plan: SimulatorPlan, random: () => number): SimulatedDevice {
  if (profile.kind === 'camera') {
    throw new WatchpostError('config.invalid', {
      path: '/kind',
      details: { profile: profile.id, expected: 'a profile that has a simulator' },
    });
  }
  const make = simulatedDevices[profile.kind] as (
    profile: ProfileOf<SimulatedKind>,
    plan: SimulatorPlan,
    random: () => number,
  ) => SimulatedDevice;
  return make(profile, plan, random);
}
