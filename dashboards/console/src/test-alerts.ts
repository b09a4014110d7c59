import type { Alert } from '@watchpost/contracts/alert';

/** An alert for tests; `parts` says what matters to the test. */
export function testAlert(parts: { [K in keyof Alert]?: unknown } = {}): Alert {
  return {
    id: '00000000-0000-4000-8000-000000000001',
    site: 'demo',
    zone: 'gate',
    gateway: 'gw-1',
    device: 'cam-gate',
    eventType: 'watchpost.sensor.alarm.v1',
    details: { kind: 'smoke' },
    severity: 'high',
    state: 'open',
    condition: 'active',
    risk: { score: 60, factors: [{ name: 'severity_of_type', points: 60, because: {} }], ruleSet: '1' },
    eventCount: 1,
    openedAt: '2026-11-01T08:00:00.000Z',
    lastEventAt: '2026-11-01T08:00:00.000Z',
    updatedAt: '2026-11-01T08:00:00.000Z',
    acknowledgedBy: null,
    resolvedBy: null,
    disposition: null,
    version: 1,
    ...parts,
  } as Alert;
}
