import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../store/migrate.ts';
import type { Store } from '../store/open-store.ts';
import { alertContract } from './alert-contract.ts';
import { armingContract } from './arming-contract.ts';
import { candidateContract } from './candidate-contract.ts';
import { capContract } from './cap-contract.ts';
import { changeContract } from './change-contract.ts';
import { costContract } from './cost-contract.ts';
import { deliveryContract } from './delivery-contract.ts';
import { dueContract } from './due-contract.ts';
import { escalationContract } from './escalation-contract.ts';
import { incidentContract } from './incident-contract.ts';
import { jobContract } from './job-contract.ts';
import { neighbourContract } from './neighbour-contract.ts';
import { noticeContract } from './notice-contract.ts';
import { passContract } from './pass-contract.ts';
import { recordContract } from './record-contract.ts';
import { recoveryContract } from './recovery-contract.ts';
import { reopenContract } from './reopen-contract.ts';
import { silenceContract } from './silence-contract.ts';
import { stepContract } from './step-contract.ts';
import { StoreRun } from './store-run.ts';
import { suppressionContract } from './suppression-contract.ts';

/** What every store does, whatever engine is under it. */
export function storeContract(open: () => Promise<Store>, expected: Partial<Store['capabilities']>): void {
  const run = new StoreRun();
  beforeAll(() => run.open(open), 120_000);
  afterAll(() => run.close());

  test('knows what the database offers, and migrating again changes nothing', async () => {
    expect(run.store.capabilities).toMatchObject(expected);
    await migrate(run.store.db, run.store.capabilities);
  });

  test('time_bucket exists everywhere and weeks begin on Monday', async () => {
    const { rows } = await sql<{ hour: Date; week: Date }>`
      select time_bucket('1 hour', timestamptz '2026-11-18T10:59:59Z') as hour,
        time_bucket('7 days', timestamptz '2026-11-18T10:59:59Z') as week`.execute(run.store.db);
    expect(rows[0]?.hour.toISOString()).toBe('2026-11-18T10:00:00.000Z');
    expect(rows[0]?.week.toISOString()).toBe('2026-11-16T00:00:00.000Z');
  });

  deliveryContract(run);
  alertContract(run);
  stepContract(run);
  candidateContract(run);
  capContract(run);
  recordContract(run);
  changeContract(run);
  jobContract(run);
  neighbourContract(run);
  passContract(run);
  reopenContract(run);
  dueContract(run);
  noticeContract(run);
  recoveryContract(run);
  incidentContract(run);
  suppressionContract(run);
  silenceContract(run);
  costContract(run, 20, 200);
  escalationContract(run);
  armingContract(run);
}
