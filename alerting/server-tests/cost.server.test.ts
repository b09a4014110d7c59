import { afterAll, beforeAll, describe } from 'vitest';
import { openStore } from '../src/store/open-store.ts';
import { costContract } from '../src/testing/cost-contract.ts';
import { StoreRun } from '../src/testing/store-run.ts';

const url = process.env.WATCHPOST_TEST_DATABASE_URL;
if (!url)
  throw new Error(
    'WATCHPOST_TEST_DATABASE_URL must name a PostgreSQL server whose database this test may fill',
  );

describe('a store that has grown', () => {
  const run = new StoreRun();
  beforeAll(() => run.open(() => openStore({ kind: 'server', url })));
  afterAll(() => run.close());
  costContract(run, 1_000, 200_000);
});
