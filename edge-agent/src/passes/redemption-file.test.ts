import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedemptionLedger } from '@watchpost/passes';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedemptionFile } from './redemption-file.ts';

const claims = { iss: 'lodge', jti: 'visit-1', exp: 2_000_000, maxUses: 2 };
const now = 1_000_000_000;
let folder: string;
let path: string;
let ledger: RedemptionFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-ledger-'));
  path = join(folder, 'redemptions.sqlite');
  ledger = new RedemptionFile({ path });
});
afterEach(() => {
  ledger.close();
  rmSync(folder, { recursive: true });
});

const reopen = () => {
  ledger.close();
  ledger = new RedemptionFile({ path });
};

describe('RedemptionFile', () => {
  it('decides as the ledger in memory does, and a restart changes nothing', () => {
    const step = fc.record({
      jti: fc.constantFrom('a', 'b', 'c'),
      proof: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      restart: fc.boolean(),
    });
    let run = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        run++;
        const model = new RedemptionLedger();
        for (const { jti, proof, restart } of steps) {
          if (restart) reopen();
          const one = { ...claims, iss: `run-${run}`, jti };
          expect(ledger.redeem(one, proof, now)).toEqual(model.redeem(one, proof));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('remembers a use that a killed process counted', async () => {
    ledger.close();
    const source = JSON.stringify(new URL('./redemption-file.ts', import.meta.url).href);
    const script = `const { RedemptionFile } = await import(${source});
      const ledger = new RedemptionFile({ path: ${JSON.stringify(path)} });
      process.stdout.write(ledger.redeem(${JSON.stringify(claims)}, undefined, ${now}).outcome);
      process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child, 'close');
    ledger = new RedemptionFile({ path });
    expect(out).toBe('redeemed');
    expect(ledger.redeem(claims, undefined, now)).toEqual({ outcome: 'redeemed', uses: 2, left: 0 });
    expect(ledger.redeem(claims, undefined, now)).toEqual({ outcome: 'rejected', reason: 'pass.used_up' });
  });

  it('lets no second process count', () => {
    expect(() => new RedemptionFile({ path })).toThrow(
      expect.objectContaining({ code: 'config.data_folder' }),
    );
  });

  it('is bounded: forgets what expired a day ago, and refuses rather than forget what can be shown again', () => {
    ledger.close();
    ledger = new RedemptionFile({ path, maxEntries: 3 });
    const later = (claims.exp + 86_401) * 1000;
    for (const jti of ['a', 'b', 'c'])
      ledger.redeem({ ...claims, jti, ...(jti === 'c' ? { exp: 9e9 } : {}) }, undefined, now);
    expect(() => ledger.redeem({ ...claims, jti: 'd' }, undefined, now)).toThrow(
      expect.objectContaining({ code: 'edge.ledger_unusable' }),
    );
    expect(ledger.redeem({ ...claims, jti: 'c' }, undefined, now)).toMatchObject({ uses: 2 });
    expect(ledger.redeem({ ...claims, jti: 'd', exp: 9e9 }, undefined, later)).toMatchObject({ uses: 1 });
    expect(ledger.size).toBe(2);
  });

  it('sets a damaged file aside and says so', () => {
    ledger.close();
    writeFileSync(path, 'this is no database, it only has the name of one '.repeat(100));
    const aside: string[] = [];
    ledger = new RedemptionFile({ path, onCorrupt: (file) => aside.push(file) });
    expect(aside).toHaveLength(1);
    expect(readdirSync(folder).some((file) => file.includes('.corrupt-'))).toBe(true);
    expect(ledger.redeem(claims, undefined, now)).toMatchObject({ outcome: 'redeemed' });
  });

  it('accepts nothing when it cannot write', () => {
    ledger.close();
    expect(() => ledger.redeem(claims, undefined, now)).toThrow(
      expect.objectContaining({ code: 'edge.ledger_unusable' }),
    );
  });
});
