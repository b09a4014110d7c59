import type { ArmingArea, ArmingMode, ArmingModeRules } from '@watchpost/contracts/site';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { kindOf, subjectOf } from '../alerts/alert-subject.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import { type AreaState, isArmedPhase } from './area-state.ts';
import { entryKinds } from './policy.ts';

/** What an event is to an area: `entry`: it begins the entry delay, or comes while that runs. */
export type AreaVerdict = 'ignored' | 'armed' | 'entry';

/** An event as far as arming looks at it. */
export interface JudgedEvent {
  readonly device: string;
  /** `kindOf` its alert. */
  readonly kind: string;
  readonly type: string;
  /** Capture time, milliseconds since the Unix epoch. */
  readonly timeMs: number;
  /** Too old to wait for anybody who disarms. */
  readonly late: boolean;
}

/** An event in these words. */
export const judgedEvent = (event: StoredEvent, device: string, late: boolean): JudgedEvent => ({
  ...{ device, late, type: event.type, timeMs: Date.parse(event.time) },
  kind: kindOf(event.type as Parameters<typeof kindOf>[0], subjectOf(event).details),
});

/** Whether a device counts in a mode. */
export const countsIn = (rules: ArmingModeRules, device: string): boolean =>
  (rules.devices === undefined || (rules.devices as readonly string[]).includes(device)) &&
  !(rules.except as readonly string[]).includes(device);

/** The mode that counts at a time, and what is left out then; undefined: it was not armed then. */
function armedAt(
  { phase, mode, untilMs, armed, bypassed }: AreaState,
  timeMs: number,
): { readonly mode: ArmingMode; readonly bypassed: readonly string[]; readonly isNow: boolean } | undefined {
  const devices = () => bypassed.map(({ device }) => device);
  // The delay is over, only its end is late.
  if (phase === 'exit' && mode !== null && untilMs !== null && timeMs >= untilMs)
    return { mode, bypassed: devices(), isNow: true };
  if (armed === null || timeMs < armed.fromMs) return undefined;
  if (isArmedPhase(phase)) return { mode: armed.mode, bypassed: devices(), isNow: true };
  if (armed.untilMs === null || timeMs >= armed.untilMs) return undefined;
  return { mode: armed.mode, bypassed: armed.bypassed, isNow: false };
}

/** What an event is to its area, by when it was captured. */
export function judgeEvent(
  area: Pick<ArmingArea, 'modes'>,
  state: AreaState,
  { device, kind, type, timeMs, late }: JudgedEvent,
): AreaVerdict {
  const at = armedAt(state, timeMs);
  const rules = at && area.modes[at.mode];
  if (!at || !rules || at.bypassed.includes(device) || !countsIn(rules, device)) return 'ignored';
  if (rules.kinds && !rules.kinds.includes(kind) && !rules.kinds.includes(type)) return 'ignored';
  const mayWait = at.isNow && !late && (state.phase === 'armed' || state.phase === 'entry');
  const isOnTheWay = (rules.way as readonly string[]).includes(device) && entryKinds.includes(kind);
  return mayWait && isOnTheWay ? 'entry' : 'armed';
}

/** The areas of a site by what belongs to them. */
export class AreaMap {
  readonly areas: readonly ArmingArea[];
  readonly #byZone: ReadonlyMap<string, ArmingArea>;
  readonly #devices: ReadonlyMap<string, readonly string[]>;

  constructor({ site }: Pick<SiteDirectory, 'site'>) {
    this.areas = site.arming ?? [];
    this.#byZone = new Map(this.areas.flatMap((area) => area.zones.map((zone) => [zone as string, area])));
    this.#devices = new Map(
      this.areas.map(({ id, zones }) => [
        id as string,
        site.devices.flatMap((device) => (zones.includes(device.zone) ? [device.id as string] : [])),
      ]),
    );
  }

  find(id: string): ArmingArea | undefined {
    return this.areas.find((area) => area.id === id);
  }

  ofZone(zone: string): ArmingArea | undefined {
    return this.#byZone.get(zone);
  }

  /** Devices in its zones. */
  devicesOf(area: string): readonly string[] {
    return this.#devices.get(area) ?? [];
  }
}
