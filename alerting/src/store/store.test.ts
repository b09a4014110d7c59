import { describe, expect, test } from 'vitest';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { storeContract } from '../testing/store-contract.ts';
import { openStore } from './open-store.ts';

describe('PGlite, without TimescaleDB', () => {
  storeContract(async () => openStore(await embeddedStore()), {
    hypertables: false,
    continuousAggregates: false,
    compression: false,
    policies: false,
  });
});

test('a server that does not answer is store.unreachable', async () => {
  const url = 'postgres://nobody:nothing@127.0.0.1:1/none';
  await expect(openStore({ kind: 'server', url })).rejects.toMatchObject({ code: 'store.unreachable' });
});
