import type { Alert, AlertEventType, Disposition } from '@watchpost/contracts/alert';
import type { SitePlan } from '@watchpost/contracts/site';
import type { StoredEvent } from '@watchpost/contracts/wire';
import { cellAt } from './place-risk.ts';
import { planCell } from './plan-cell.ts';
import { type PlanPoint, toLatLng } from './plan-projection.ts';

/**
 * The incident type that an event or alert adds to the map, or `undefined`. Only sensors, tampering, panic
 * buttons and reports feed it; nothing that was recognised about a person does, and nothing that a patrol
 * found by being there.
 */
export function incidentKind(type: AlertEventType, details: Alert['details']): string | undefined {
  switch (type) {
    case 'watchpost.sensor.alarm.v1':
      return `sensor.${details.kind}`;
    case 'watchpost.tamper.cover.v1':
    case 'watchpost.tamper.video_loss.v1':
      return 'tamper';
    case 'watchpost.panic.pressed.v1':
      return 'panic';
    case 'watchpost.report.received.v1':
      return `report.${details.category}`;
    default:
      return undefined;
  }
}

/** Whether an alert is an incident of its place, by what it turned out to be; nothing is known yet counts. */
export function isIncident(disposition: Disposition | null): boolean {
  return disposition === null || disposition === 'genuine';
}

/** Where devices stand on their plan: the same place in every event. */
const cells = new WeakMap<PlanPoint, { readonly plan: SitePlan; readonly cell: string }>();

function cellOfDevice(at: PlanPoint, plan: SitePlan): string {
  const known = cells.get(at);
  if (known?.plan === plan) return known.cell;
  const cell = planCell(plan.id, cellAt(toLatLng(plan.northWest, at)));
  cells.set(at, { plan, cell });
  return cell;
}

/**
 * The cell of an incident on the plan that it is drawn on: where a report says it was, otherwise where the
 * device stands.
 */
export function incidentCell(event: StoredEvent, deviceAt: PlanPoint, plan: SitePlan): string {
  if (event.type === 'watchpost.report.received.v1') {
    const { latitude, longitude } = event.data;
    if (latitude !== undefined && longitude !== undefined)
      return planCell(plan.id, cellAt([latitude, longitude]));
  }
  return cellOfDevice(deviceAt, plan);
}
