import { randomUUID } from 'node:crypto';
import { type Alert, alertSchema } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import type { KeyedAlert } from '../../../alerting/src/store/alert-store.ts';
import { hallDetectors } from './bench-site.ts';

/** An alert of a detector in the hall of `benchSite`, as it stands in the store, and the key of its group. */
export function openAlert(site: Site, index: number, state: Alert['state'] = 'open'): KeyedAlert {
  const time = new Date(Date.now() - 3_600_000 + index).toISOString();
  const alert = alertSchema.parse({
    ...{
      id: randomUUID(),
      site: site.id,
      zone: 'hall',
      gateway: site.gateways[index % site.gateways.length],
    },
    ...{ device: `hall-${index % hallDetectors}`, eventType: 'watchpost.sensor.alarm.v1' },
    ...{ details: { kind: 'smoke' }, severity: 'high', state, condition: 'active' },
    risk: {
      score: 70,
      factors: [{ name: 'severity_of_type', points: 70, because: { kind: 'smoke' } }],
      ruleSet: '1',
    },
    ...{ eventCount: 1, openedAt: time, updatedAt: time, lastEventAt: time, version: 1 },
    ...{ acknowledgedBy: null, resolvedBy: null, disposition: null },
    changedIn: { severity: 1, state: 1, disposition: 1 },
  });
  return { alert, groupKey: `bench ${index}` };
}
