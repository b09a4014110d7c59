import { siteFileSchema } from '@watchpost/contracts/site';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { defaultPolicy, policyOf } from './policy.ts';
import { IngestSite } from './testing/ingest-site.ts';
import { doorAlarm, forgedPass, wireEvent } from './testing/test-events.ts';

/** The policy section of a site file as its owner writes it. */
const written = siteFileSchema.shape.policy.parse({
  alerts: { lateAfter: '3m', lifeSafetyLateAfter: '10m' },
  risk: { severities: { medium: 2, high: 3, critical: 4 }, corroboration: { within: '10s', nearM: 5 } },
});
let site: IngestSite;
beforeAll(async () => {
  site = await IngestSite.open({ policy: { ...defaultPolicy, ...policyOf(written) } });
});
afterAll(() => site.close());
beforeEach(() => site.begin());
afterEach(() => site.end());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
it('of a site decides from which score an alert is critical and when an event is too late', async () => {
  const { epoch } = site;
  await site.publish('up', [
    wireEvent(forgedPass({ epoch, seq: 1, time: minutesAgo(4) })),
    wireEvent(doorAlarm({ epoch, seq: 2, time: minutesAgo(2) })),
  ]);
  await site.receiptAt(2);
  const { db } = site.store;
  const alerts = await db.selectFrom('alert').select(['event_type', 'severity']).execute();
  // By itself the pass would have alerted for ten minutes, and the door would be of medium or high severity.
  expect(alerts).toEqual([{ event_type: 'watchpost.sensor.alarm.v1', severity: 'critical' }]);
});

it.each([{ medium: 50, high: 50 }, { critical: 40 }, { medium: 0 }, { critical: 101 }])(
  'with severities %j is refused',
  (severities) => {
    expect(siteFileSchema.shape.policy.safeParse({ risk: { severities } }).success).toBe(false);
  },
);
