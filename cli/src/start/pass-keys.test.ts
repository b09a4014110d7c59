import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { siteFileSchema } from '@watchpost/contracts/site';
import { issuePass, issuePlate, parseKeyRing, verifyPass, verifyPlate } from '@watchpost/passes';
import { afterAll, expect, it } from 'vitest';
import { ensurePassKeys, passKeyFolder, plateKeyFolder, withOwnIssuer } from './pass-keys.ts';

const data = mkdtempSync(join(tmpdir(), 'pass-keys-'));
afterAll(() => rmSync(data, { recursive: true }));

it('gateways read plates by a key of its own, and a pass that this key signed opens no gate', () => {
  ensurePassKeys(data, ['north']);
  const site = { id: 'north', passes: siteFileSchema.shape.passes.parse({}) } as never;
  const { passes } = withOwnIssuer<Parameters<typeof withOwnIssuer>[0]>(site, data);
  const keys = passes.issuers.map(({ iss, validUntil, ...key }) => ({
    ...key,
    ...(iss === undefined ? {} : { iss }),
    ...(validUntil === undefined ? {} : { validUntil }),
  }));
  const ringIn = (folder: string) => parseKeyRing(readFileSync(join(folder, 'north.json'), 'utf8')).current;
  const [forPasses, forPlates] = [ringIn(passKeyFolder(data)), ringIn(plateKeyFolder(data))];
  expect(forPlates.kid).not.toBe(forPasses.kid);
  const plate = issuePlate({ domain: 'p.example', id: 'unit-00017' }, forPlates);
  expect(verifyPlate(plate, { keys }).outcome).toBe('accepted');
  const now = Date.now();
  const claims = {
    iss: 'north',
    jti: 'p1',
    aud: ['gate'],
    nbf: 0,
    exp: Math.floor(now / 1000) + 60,
    maxUses: 1,
  };
  const judge = (text: string) => verifyPass(text, { keys, audience: 'gate', now });
  expect(judge(issuePass(claims, forPasses)).outcome).toBe('accepted');
  expect(judge(issuePass(claims, forPlates))).toMatchObject({ reason: 'pass.unknown_key' });
  ensurePassKeys(data, ['north']);
  expect(ringIn(plateKeyFolder(data))).toEqual(forPlates);
});
