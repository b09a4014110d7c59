import { subjectOf } from '../alerts/alert-subject.ts';
import type { Assessment, IncomingEvent } from '../ingest/ingest-batch.ts';
import type { SiteDirectory } from '../places/site-directory.ts';
import {
  areaStates,
  type DeviceCondition,
  lockArea,
  noteConditions,
  saveArea,
} from '../store/arming-store.ts';
import { writeDue } from '../store/due-store.ts';
import type { Queryable } from '../store/schema.ts';
import { AreaMap, type AreaVerdict, judgedEvent, judgeEvent } from './area-rules.ts';
import { type AreaState, closed, disarmedArea, enter } from './area-state.ts';
import { armingPolicy } from './policy.ts';

/** What {@link ArmingContext} needs. */
export interface ArmingContextOptions {
  readonly directory: SiteDirectory;
  readonly newId: () => string;
  /** Told when work was written, and when it is due. */
  readonly expect?: (atMs: number) => void;
}

/**
 * Says of events whether they come while their area is armed, and begins the entry delay. Its answers are of
 * the capture time of an event, so an area that is armed or disarmed meanwhile changes none of them.
 */
export class ArmingContext {
  readonly #options: ArmingContextOptions;
  readonly #map: AreaMap;

  constructor(options: ArmingContextOptions) {
    this.#options = options;
    this.#map = new AreaMap(options.directory);
  }

  /** What each event is to its area; events of no area are missing: the hours of their zone count. */
  async verdicts(
    db: Queryable,
    events: readonly IncomingEvent[],
  ): Promise<ReadonlyMap<IncomingEvent, AreaVerdict>> {
    const own = events.flatMap((incoming) => {
      const area = this.#areaOf(incoming);
      return area ? [{ incoming, area }] : [];
    });
    const areas = [...new Set(own.map(({ area }) => area.id as string))];
    const states = await areaStates(db, this.#site, areas);
    return new Map(
      own.map(({ incoming, area }) => [
        incoming,
        judgeEvent(area, states.get(area.id) ?? disarmedArea(area.id), judged(incoming)),
      ]),
    );
  }

  /**
   * Takes what devices of areas said, in the transaction of their commit and before it locks any alert: what
   * is open, a bypass that is over, an entry delay that begins. Gives those that turned out to come too late
   * for an entry delay: they count as armed.
   */
  async take(
    tx: Queryable,
    events: readonly IncomingEvent[],
    assessed: (incoming: IncomingEvent) => Assessment,
    nowMs: number,
  ): Promise<ReadonlySet<IncomingEvent>> {
    const own = events.filter((incoming) => this.#areaOf(incoming) !== undefined);
    const armed = new Set<IncomingEvent>();
    if (own.length === 0) return armed;
    const conditions = own.flatMap((incoming) => conditionOf(incoming) ?? []);
    await noteConditions(tx, this.#site, conditions);
    const byArea = new Map<string, IncomingEvent[]>();
    for (const incoming of own) {
      const area = this.#areaOf(incoming)?.id ?? '';
      byArea.set(area, [...(byArea.get(area) ?? []), incoming]);
    }
    const states = await areaStates(tx, this.#site, [...byArea.keys()]);
    // In one order, so that no two commits wait for each other.
    for (const [area, its] of [...byArea].sort(([a], [b]) => (a < b ? -1 : 1)))
      if (its.some((incoming) => concerns(states.get(area), incoming, assessed)))
        for (const one of await this.#decide(tx, area, its, assessed, nowMs)) armed.add(one);
    return armed;
  }

  async #decide(
    tx: Queryable,
    id: string,
    events: readonly IncomingEvent[],
    assessed: (incoming: IncomingEvent) => Assessment,
    nowMs: number,
  ): Promise<IncomingEvent[]> {
    const area = this.#map.find(id);
    if (!area) return [];
    const { newId, expect } = this.#options;
    const site = this.#site;
    const armed: IncomingEvent[] = [];
    let state = await lockArea(tx, site, id, true);
    for (const incoming of events) {
      const ended = isCleared(incoming) ? closed(state, incoming.device.id) : undefined;
      if (ended) {
        await saveArea(tx, site, ended, { id: newId(), nowMs });
        state = ended.state;
      }
      const { ifArmed } = assessed(incoming);
      if (!ifArmed) continue;
      const verdict = judgeEvent(area, state, judged(incoming));
      if (verdict === 'armed') armed.push(incoming);
      if (verdict !== 'entry' || !ifArmed.alerts || state.armed === null) continue;
      const { event, device, receivedMs } = incoming;
      const entryMs = (area.modes[state.armed.mode]?.entrySeconds ?? 0) * 1_000;
      const held = {
        ...{ event, device: device.id, groupKey: subjectOf(event).groupKey, risk: ifArmed.risk },
        receivedAt: new Date(receivedMs).toISOString(),
      };
      const change = enter(state, held, { entryMs, atMost: armingPolicy.heldAtMost, nowMs });
      if (!change) continue;
      const begins = state.phase !== 'entry';
      state = change.state;
      await saveArea(tx, site, change, { id: newId(), nowMs });
      if (!begins || state.untilMs === null) continue;
      const due = {
        site,
        kind: 'arming.entry',
        key: id,
        version: state.version,
        atMs: state.untilMs,
      } as const;
      await writeDue(tx, [{ ...due, waitMs: entryMs }]);
      expect?.(state.untilMs);
    }
    return armed;
  }

  get #site(): string {
    return this.#options.directory.site.id;
  }

  #areaOf({ event, device }: IncomingEvent) {
    return this.#map.ofZone(event.subject) ?? this.#map.ofZone(device.zone);
  }
}

const judged = ({ event, device, late }: IncomingEvent) => judgedEvent(event, device.id, late);

const clearedTypes: readonly string[] = ['watchpost.sensor.cleared.v1', 'watchpost.tamper.cleared.v1'];
const isCleared = ({ event }: IncomingEvent): boolean => clearedTypes.includes(event.type);

/** Whether an event can change its area. */
const concerns = (
  state: AreaState | undefined,
  incoming: IncomingEvent,
  assessed: (incoming: IncomingEvent) => Assessment,
): boolean =>
  assessed(incoming).ifArmed !== undefined ||
  (isCleared(incoming) && state?.bypassed.some(({ device }) => device === incoming.device.id) === true);

/** What an event says of a state that lasts; undefined: nothing. */
function conditionOf({ event, device, receivedMs }: IncomingEvent): DeviceCondition | undefined {
  const said = (kind: string, active: boolean): DeviceCondition => ({
    ...{ device: device.id, kind, active, at: event.time, event },
    receivedAt: new Date(receivedMs).toISOString(),
  });
  switch (event.type) {
    case 'watchpost.sensor.alarm.v1':
      return said(event.data.kind, true);
    case 'watchpost.sensor.cleared.v1':
      return said(event.data.kind, false);
    case 'watchpost.tamper.cover.v1':
      return said('cover', true);
    case 'watchpost.tamper.cleared.v1':
      return said(event.data.kind, false);
    default:
      return undefined;
  }
}
