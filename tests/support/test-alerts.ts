import { randomUUID } from 'node:crypto';
import { type Alert, alertSchema, type Severity } from '@watchpost/contracts/alert';
import type { Site } from '@watchpost/contracts/site';
import type { KeyedAlert } from '../../alerting/src/store/alert-store.ts';
import { demoSite } from './demo-site.ts';

/** A site like the demo's with `count` smoke detectors `sensor-1` … beside its own devices. */
export function siteWithSensors(count: number): Site {
  const [pattern] = demoSite.devices.filter(({ kind }) => kind === 'smoke');
  if (!pattern) throw new Error('the demo site has no smoke detector');
  const sensors = Array.from({ length: count }, (_, index) => ({
    ...pattern,
    id: `sensor-${index + 1}` as typeof pattern.id,
    name: { en: `Sensor ${index + 1}`, 'zh-CN': `传感器 ${index + 1}` },
    at: [4 + (index % 50), 8 + (Math.floor(index / 50) % 25)] as [number, number],
  }));
  return { ...demoSite, devices: [...demoSite.devices, ...sensors] };
}

/** What matters of a stored alert. */
export interface AlertSketch {
  readonly device?: string;
  readonly severity: Severity;
  readonly score: number;
  readonly state?: Alert['state'];
  readonly kind?: string;
  /** Minutes before now. */
  readonly openedMinutesAgo: number;
}

/** An alert as it stands in the store, and the key of its group. */
export function storedAlert(sketch: AlertSketch): KeyedAlert {
  const {
    device = 'server-smoke',
    severity,
    score,
    state = 'open',
    kind = 'smoke',
    openedMinutesAgo,
  } = sketch;
  const time = new Date(Date.now() - openedMinutesAgo * 60_000).toISOString();
  const place = demoSite.devices.find(({ id }) => id === device);
  const alert = alertSchema.parse({
    id: randomUUID(),
    site: demoSite.id,
    zone: place?.zone ?? 'server-room',
    gateway: demoSite.gateways[0],
    device,
    eventType: 'watchpost.sensor.alarm.v1',
    details: { kind },
    severity,
    state,
    condition: 'active',
    risk: {
      score,
      factors: [
        { name: 'severity_of_type', points: score, because: { type: 'watchpost.sensor.alarm.v1', kind } },
      ],
      ruleSet: '1',
    },
    eventCount: 1,
    openedAt: time,
    lastEventAt: time,
    updatedAt: time,
    acknowledgedBy: state === 'open' ? null : 'anna',
    resolvedBy: null,
    disposition: null,
    version: 1,
    changedIn: { severity: 1, state: 1, disposition: 1 },
  });
  return { alert, groupKey: randomUUID() };
}
