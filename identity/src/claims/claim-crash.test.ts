import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseClaimCode } from '@watchpost/contracts/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Revocations } from '../revocations/revocations.ts';
import { newRequest, TestSite } from '../testing/test-site.ts';
import { ClaimHandler } from './claim-handler.ts';
import { ClaimRegister } from './claim-register.ts';
import { inviteGateway } from './invite.ts';

const dayMs = 86_400_000;
let site: TestSite;
beforeEach(async () => {
  site = await TestSite.create();
});
afterEach(() => site.remove());

const here = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));

/**
 * A process that claims and is killed at the very moment when the code is used up and no certificate is made
 * yet.
 */
const dying = `
  const { ClaimHandler } = await import(${here('./claim-handler.ts')});
  const { ClaimRegister } = await import(${here('./claim-register.ts')});
  const { Revocations } = await import(${here('../revocations/revocations.ts')});
  const [path, id, secret, request] = JSON.parse(process.argv[1]);
  const none = new Revocations([]);
  const authority = { site: 'demo', issueGateway: () => process.kill(process.pid, 'SIGKILL') };
  const parts = { register: new ClaimRegister(path), revocations: () => none, nowMs: Date.now, lifeMs: ${dayMs} };
  await new ClaimHandler({ ...parts, authority }).claim(id, secret, request);
`;

test('a service that is killed between using a code up and answering gives the certificate to the same key, and to no other', async () => {
  const code = parseClaimCode(await inviteGateway(site.folder, 'gw1', dayMs, Date.now()));
  const { request } = await newRequest('gw1');
  const argument = JSON.stringify([site.files.register, code.id, code.secret, request]);
  const child = spawn(process.execPath, ['--input-type=module', '-e', dying, argument]);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [, signal] = await once(child, 'exit');
  expect(signal, said).toBe('SIGKILL');

  const register = new ClaimRegister(site.files.register);
  const none = new Revocations([]);
  const { authority } = site;
  const claims = new ClaimHandler({
    authority,
    register,
    revocations: () => none,
    nowMs: Date.now,
    lifeMs: dayMs,
  });
  expect(register.certificates(Date.now())).toEqual([]);
  expect(register.openInvitations(Date.now())).toEqual([]);
  const thief = await newRequest('gw1');
  await expect(claims.claim(code.id, code.secret, thief.request)).rejects.toMatchObject({
    code: 'identity.claim_refused',
    fault: 'used',
  });
  const { certificate } = await claims.claim(code.id, code.secret, request);
  expect(certificate).toContain('BEGIN CERTIFICATE');
  expect((await claims.claim(code.id, code.secret, request)).certificate).toBe(certificate);
  expect(register.certificates(Date.now())).toHaveLength(1);
  register.close();
});
