import { afterAll, beforeAll } from 'vitest';
import { openStore } from '../store/open-store.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { escalationContract } from '../testing/escalation-contract.ts';
import { StoreRun } from '../testing/store-run.ts';

const run = new StoreRun();
beforeAll(() => run.open(async () => openStore(await embeddedStore())), 120_000);
afterAll(() => run.close());
escalationContract(run);
