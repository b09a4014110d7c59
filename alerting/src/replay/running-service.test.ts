import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleSetFileSchema, siteFileSchema } from '@watchpost/contracts/site';
import { askLocally } from '@watchpost/service';
import { expect, it } from 'vitest';
import { startAlerting } from '../main.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { testSite } from '../testing/test-site.ts';
import type { ReplayStep } from './replay-command.ts';

it('a running service replays under the rules that its command sends, and under those in force', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'replays-'));
  const socket = join(folder, 'admin.sock');
  const rules = ruleSetFileSchema.parse({ version: 1, extends: 'wp-1', context: { zone: 9 } });
  const service = await startAlerting({
    sites: [
      {
        site: testSite,
        policy: siteFileSchema.shape.policy.parse({}),
        ruleSet: { id: 'strict@0123456789ab', rules },
      },
    ],
    store: await embeddedStore(),
    // Nobody is there: the service comes up all the same.
    broker: { url: 'mqtt://127.0.0.1:1' },
    http: { host: '127.0.0.1', port: 0 },
    adminSocket: socket,
  });
  try {
    const window = { from: '2026-11-26T00:00:00.000Z', to: '2026-11-27T00:00:00.000Z' };
    const ask = async (rest: object) =>
      (await askLocally(socket, { command: 'replay', site: 'test', ...window, ...rest }))
        ?.value as ReplayStep;
    expect((await ask({ rules, id: 'draft@1' })).answer).toMatchObject({ ruleSet: 'draft@1', events: 0 });
    expect((await ask({ rules: 'in_force' })).answer?.ruleSet).toBe('strict@0123456789ab');
    expect((await ask({ rules: 'built_in' })).answer?.ruleSet).toBe('wp-1');
    await expect(ask({ rules: 'in_force', site: 'nowhere' })).rejects.toMatchObject({
      code: 'api.not_found',
    });
  } finally {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
