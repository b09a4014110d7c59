import type { SimulatorPlan } from '@watchpost/contracts/site';
import type { ProfileOf } from './profile.ts';
import type { ReadingValue } from './reading.ts';
import type { SimulatedKind } from './simulator-actions.ts';

/** One action of a random episode: what, how long after the episode began. */
export interface EpisodeStep {
  readonly afterMs: number;
  readonly action: string;
  readonly value?: number;
}

/** The behaviour of a device class, without time: the simulator around it keeps the clock. */
export interface SimulatedDevice {
  /** What the device says when it is switched on; also on every `intervalMs`. */
  sample(timeMs: number): ReadingValue | null;
  /** Milliseconds between samples; null for a device that only speaks on change. */
  readonly intervalMs: number | null;
  /** What it says when told to do `action`; undefined when it cannot. */
  act(action: string, value: number | undefined, timeMs: number): ReadingValue | undefined;
  /** A random happening of this class of device. */
  episode(): readonly EpisodeStep[];
}

type Random = () => number;
const between = (random: Random, from: number, to: number) => Math.round(from + random() * (to - from));

/** @returns the behaviour of each class of device. */
export const simulatedDevices: {
  readonly [K in SimulatedKind]: (
    profile: ProfileOf<K>,
    plan: SimulatorPlan,
    random: Random,
  ) => SimulatedDevice;
} = {
  code_reader: (_profile, { texts }, random) => ({
    intervalMs: null,
    sample: () => null,
    act(action, value = 0) {
      const text = texts[value];
      return action === 'scan' && text !== undefined ? { kind: 'code', text } : undefined;
    },
    episode: () =>
      texts.length === 0 ? [] : [{ afterMs: 0, action: 'scan', value: between(random, 0, texts.length - 1) }],
  }),

  door_contact: (_profile, _plan, random) => {
    let open = false;
    return {
      intervalMs: null,
      sample: () => ({ kind: 'door', open }),
      act(action) {
        if (action !== 'open' && action !== 'close') return undefined;
        open = action === 'open';
        return { kind: 'door', open };
      },
      episode: () => [
        { afterMs: 0, action: 'open' },
        { afterMs: between(random, 3000, 12_000), action: 'close' },
      ],
    };
  },

  smoke: (_profile, _plan, random) => {
    let alarm = false;
    return {
      intervalMs: null,
      sample: () => ({ kind: 'smoke', alarm }),
      act(action) {
        if (action !== 'alarm' && action !== 'clear') return undefined;
        alarm = action === 'alarm';
        return { kind: 'smoke', alarm };
      },
      episode: () => [
        { afterMs: 0, action: 'alarm' },
        { afterMs: between(random, 10_000, 30_000), action: 'clear' },
      ],
    };
  },

  temperature: ({ intervalMs, limits, range }, { baseCel }, random) => {
    let override: number | null = null;
    const read = (timeMs: number): ReadingValue => {
      const dayPhase = (timeMs % 86_400_000) / 86_400_000;
      const curve = baseCel + 2 * Math.sin(2 * Math.PI * (dayPhase - 0.375));
      const noise = 0.15 * (random() + random() + random() - 1.5);
      const celsius = Math.min(range.max, Math.max(range.min, (override ?? curve) + noise));
      return { kind: 'temperature', celsius: Math.round(celsius * 100) / 100 };
    };
    return {
      intervalMs,
      sample: read,
      act(action, value, timeMs) {
        if (action === 'set' && value !== undefined && Number.isFinite(value)) override = value;
        else if (action === 'release') override = null;
        else return undefined;
        return read(timeMs);
      },
      episode: () => [
        { afterMs: 0, action: 'set', value: limits.high + 5 },
        { afterMs: between(random, 10_000, 30_000), action: 'release' },
      ],
    };
  },
};
