import { parseSource } from '@watchpost/contracts/wire';
import { AlertHandler } from '../alerts/alert-handler.ts';
import type { ChangeEntry } from '../alerts/change-entry.ts';
import type { DecisionContext } from '../ingest/decision-context.ts';
import { loadClearings } from '../ingest/load-clearings.ts';
import { incidentCell } from '../places/incident.ts';
import { lockUnresolved } from '../store/alert-store.ts';
import type { Queryable } from '../store/schema.ts';
import type { HeldEvent } from './held-event.ts';

/**
 * What was held back alerts now, as it would have while the area was armed. An alert that stands already
 * takes it in and rises.
 */
export async function raiseHeld(
  tx: Queryable,
  held: readonly HeldEvent[],
  { directory, newId, policy, rules, nowMs }: DecisionContext,
): Promise<readonly ChangeEntry[]> {
  if (held.length === 0) return [];
  const site = directory.site.id;
  const placed = held.flatMap((one) => {
    const device = directory.device(parseSource(one.event.source).device);
    return device ? [{ ...one, place: device }] : [];
  });
  const alarming = placed.map(({ event, place }) => ({ event, device: place }));
  const clearings = await loadClearings(tx, site, alarming, nowMs);
  const groups = placed.map(({ groupKey }) => groupKey);
  const handler = new AlertHandler(await lockUnresolved(tx, site, groups), clearings, newId, policy);
  for (const { event, risk, receivedAt, place } of placed) {
    const { lifeSafety } = rules.ruleFor(event);
    const cell = incidentCell(event, place.at, directory.planOf(place.zone));
    const alerting = { alerts: true, onMap: true, lifeSafety, cell };
    handler.handle({ event, gateway: place.gateway, risk, receivedAt, ...alerting });
  }
  await handler.save(tx);
  return handler.entries;
}
