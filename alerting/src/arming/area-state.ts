import type { AreaBypass, ArmingPhase, ArmingStep, ReadinessProblem } from '@watchpost/contracts/api';
import type { ArmingMode } from '@watchpost/contracts/site';
import type { HeldEvent } from './held-event.ts';

/** Who did it; null: a schedule, or by itself. */
export type ArmingActor = { readonly account: string; readonly name: string } | null;

/** A device that is left out. */
export interface Bypass extends Pick<AreaBypass, 'until'> {
  readonly device: string;
  readonly by: string | null;
  readonly account: string | null;
  readonly atMs: number;
}

/** A time in which an area was armed, milliseconds since the Unix epoch, and what counted. */
export interface ArmedTime {
  readonly fromMs: number;
  /** Null: it goes on. */
  readonly untilMs: number | null;
  readonly mode: ArmingMode;
  /** Devices that were left out at its end. */
  readonly bypassed: readonly string[];
}

/** How an area is armed. Times are milliseconds since the Unix epoch. */
export interface AreaState {
  readonly area: string;
  /** Of each change. */
  readonly version: number;
  /** Version of the last change that a person or a schedule made: what came after was not decided. */
  readonly decided: number;
  readonly phase: ArmingPhase;
  readonly mode: ArmingMode | null;
  readonly sinceMs: number | null;
  /** When the delay that runs ends. */
  readonly untilMs: number | null;
  /** Version with which that delay began: its end does nothing when another one runs, or none. */
  readonly delay: number | null;
  readonly lateMs: number;
  readonly by: ArmingActor;
  readonly bypassed: readonly Bypass[];
  readonly entered: { readonly device: string; readonly atMs: number } | null;
  /** What alerts when nobody disarms. */
  readonly held: readonly HeldEvent[];
  /** The last time in which it was armed. */
  readonly armed: ArmedTime | null;
  readonly refused: {
    readonly atMs: number;
    readonly mode: ArmingMode;
    readonly problems: readonly ReadinessProblem[];
  } | null;
}

/** An area after a change, and what happened. */
export interface AreaChange {
  readonly state: AreaState;
  readonly step: ArmingStep['step'];
  readonly by: ArmingActor;
  readonly devices: readonly string[];
}

/** An area that nobody has armed yet. */
export const disarmedArea = (area: string): AreaState => ({
  ...{
    area,
    version: 0,
    decided: 0,
    phase: 'disarmed',
    mode: null,
    sinceMs: null,
    untilMs: null,
    delay: null,
  },
  ...{ lateMs: 0, by: null, bypassed: [], entered: null, held: [], armed: null, refused: null },
});

/** Whether it is armed, with or without an entry delay that runs. */
export const isArmedPhase = (phase: ArmingPhase): boolean =>
  phase === 'armed' || phase === 'entry' || phase === 'alarm';

const decidedBy = (state: AreaState, by: ArmingActor, nowMs: number) => {
  const version = state.version + 1;
  return { ...state, version, decided: version, by, sinceMs: nowMs, lateMs: 0 };
};
const happened = (state: AreaState, nowMs: number) => ({
  ...{ ...state, version: state.version + 1, sinceMs: nowMs },
});

/** The time that ends now, or when somebody came in who turned out to belong there. */
function endArmed({ armed, entered, bypassed }: AreaState, nowMs: number): ArmedTime | null {
  if (!armed || armed.untilMs !== null) return armed;
  const devices = bypassed.map(({ device }) => device);
  return { ...armed, untilMs: Math.min(entered?.atMs ?? nowMs, nowMs), bypassed: devices };
}

const begin = (mode: ArmingMode, fromMs: number): ArmedTime => ({
  ...{ fromMs, untilMs: null, mode, bypassed: [] },
});

/** Arms it: at once, or at the end of an exit delay. `bypass` is left out beside what is already. */
export function arm(
  state: AreaState,
  {
    mode,
    by,
    bypass,
    exitMs,
    nowMs,
  }: {
    readonly mode: ArmingMode;
    readonly by: ArmingActor;
    readonly bypass: readonly Pick<Bypass, 'device' | 'until'>[];
    readonly exitMs: number;
    readonly nowMs: number;
  },
): AreaChange {
  const fresh = bypass.map(
    ({ device, until }): Bypass => ({
      ...{ device, until, by: by?.name ?? null, account: by?.account ?? null, atMs: nowMs },
    }),
  );
  const others = state.bypassed.filter(({ device }) => !fresh.some((one) => one.device === device));
  const armed = exitMs > 0 ? endArmed(state, nowMs) : begin(mode, nowMs);
  return {
    state: {
      ...decidedBy(state, by, nowMs),
      ...{ phase: exitMs > 0 ? 'exit' : 'armed', mode, untilMs: exitMs > 0 ? nowMs + exitMs : null },
      delay: exitMs > 0 ? state.version + 1 : null,
      ...{ bypassed: [...others, ...fresh], entered: null, held: [], armed, refused: null },
    },
    ...{ step: 'arm', by, devices: fresh.map(({ device }) => device) },
  };
}

/** It was to be armed by itself and is not. What was armed before stays so. */
export function refuse(
  state: AreaState,
  mode: ArmingMode,
  problems: readonly ReadinessProblem[],
  nowMs: number,
): AreaChange {
  const isLeaving = state.phase === 'exit';
  const after = isLeaving
    ? {
        ...{ phase: 'disarmed' as const, mode: null, untilMs: null, delay: null },
        bypassed: lasting(state.bypassed),
      }
    : {};
  return {
    state: { ...happened(state, nowMs), ...after, refused: { atMs: nowMs, mode, problems } },
    ...{ step: 'refused', by: null, devices: problems.map(({ device }) => device) },
  };
}

/** Disarms it, whatever it is: undefined where it is disarmed. */
export function disarm(state: AreaState, by: ArmingActor, nowMs: number): AreaChange | undefined {
  if (state.phase === 'disarmed') return undefined;
  return {
    state: {
      ...decidedBy(state, by, nowMs),
      ...{ phase: 'disarmed', mode: null, untilMs: null, delay: null, entered: null, held: [] },
      refused: null,
      ...{ bypassed: lasting(state.bypassed), armed: endArmed(state, nowMs) },
    },
    ...{ step: 'disarm', by, devices: [] },
  };
}

const lasting = (bypassed: readonly Bypass[]): Bypass[] => bypassed.filter(({ until }) => until === 'closed');

/**
 * The exit delay is over. It is armed from when that should have been; with something open, nothing is armed
 * or it alarms, as the area says.
 */
export function exitEnds(
  state: AreaState,
  open: readonly ReadinessProblem[],
  stillOpen: 'refuse' | 'alarm',
  nowMs: number,
): AreaChange | undefined {
  const { phase, mode, untilMs } = state;
  if (phase !== 'exit' || mode === null || untilMs === null) return undefined;
  const lateMs = Math.max(0, nowMs - untilMs);
  if (open.length > 0 && stillOpen === 'refuse') {
    const change = refuse(state, mode, open, nowMs);
    return { ...change, state: { ...change.state, lateMs } };
  }
  const isAlarm = open.length > 0;
  return {
    state: {
      ...happened(state, nowMs),
      ...{ phase: isAlarm ? 'alarm' : 'armed', untilMs: null, delay: null, lateMs },
      armed: begin(mode, untilMs),
    },
    ...{ step: isAlarm ? 'alarm' : 'armed', by: null, devices: open.map(({ device }) => device) },
  };
}

/** A device on the way in noticed something: the entry delay begins, or goes on. */
export function enter(
  state: AreaState,
  held: HeldEvent,
  { entryMs, atMost, nowMs }: { readonly entryMs: number; readonly atMost: number; readonly nowMs: number },
): AreaChange | undefined {
  const { phase, held: before } = state;
  if (phase === 'entry') {
    if (before.length >= atMost || before.some(({ groupKey }) => groupKey === held.groupKey))
      return undefined;
    const more = { ...state, held: [...before, held] };
    return { state: more, step: 'entry', by: null, devices: [held.device] };
  }
  if (phase !== 'armed') return undefined;
  return {
    state: {
      ...happened(state, nowMs),
      ...{ phase: 'entry', untilMs: nowMs + entryMs, delay: state.version + 1, lateMs: 0, held: [held] },
      entered: { device: held.device, atMs: Date.parse(held.event.time) },
    },
    ...{ step: 'entry', by: null, devices: [held.device] },
  };
}

/** The entry delay is over and nobody disarmed: what was held alerts. */
export function entryEnds(state: AreaState, nowMs: number): AreaChange | undefined {
  const { phase, untilMs, held } = state;
  if (phase !== 'entry' || untilMs === null) return undefined;
  const lateMs = Math.max(0, nowMs - untilMs);
  return {
    state: { ...happened(state, nowMs), phase: 'alarm', untilMs: null, delay: null, held: [], lateMs },
    ...{ step: 'alarm', by: null, devices: [...new Set(held.map(({ device }) => device))] },
  };
}

/** Leaves a device out, or with `until` null takes it back in. */
export function bypass(
  state: AreaState,
  device: string,
  until: Bypass['until'] | null,
  by: ArmingActor,
  nowMs: number,
): AreaChange | undefined {
  const others = state.bypassed.filter((one) => one.device !== device);
  const is = state.bypassed.find((one) => one.device === device)?.until ?? null;
  if (is === until) return undefined;
  const own = { device, by: by?.name ?? null, account: by?.account ?? null, atMs: nowMs };
  const bypassed = until === null ? others : [...others, { ...own, until }];
  const { sinceMs, lateMs } = state;
  return {
    state: { ...decidedBy(state, by, nowMs), sinceMs, lateMs, bypassed },
    ...{ step: until === null ? 'unbypass' : 'bypass', by, devices: [device] },
  };
}

/** A device says that it is closed: a bypass until then is over. */
export function closed(state: AreaState, device: string): AreaChange | undefined {
  const isOver = (one: Bypass) => one.device === device && one.until === 'closed';
  if (!state.bypassed.some(isOver)) return undefined;
  const bypassed = state.bypassed.filter((one) => !isOver(one));
  return {
    state: { ...state, version: state.version + 1, bypassed },
    step: 'closed',
    by: null,
    devices: [device],
  };
}
