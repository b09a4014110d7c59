import { spawn } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClaimRegister } from '../claims/claim-register.ts';
import { authorityFolder } from './authority-files.ts';
import { createAuthority, openAuthority } from './authority-folder.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'authority-')), 'ca');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const here = JSON.stringify(fileURLToPath(new URL('./authority-folder.ts', import.meta.url)));

/** Runs a line in a process of its own that has the functions of the folder. @returns its exit code */
async function run(line: string): Promise<number | null> {
  const program = `
    const { createAuthority, issueServerCertificate } = await import(${here});
    const folder = ${JSON.stringify(folder)};
    ${line}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
  return (await once(child, 'exit'))[0] as number | null;
}
const create = `await createAuthority(folder, 'demo', Date.now());`;
const issue = `await issueServerCertificate(folder, ['localhost'], 86_400_000, Date.now());`;

function fits(key: string, certificate: string): boolean {
  const spki = createPublicKey(createPrivateKey(readFileSync(key))).export({ type: 'spki', format: 'der' });
  const { publicKey } = new X509Certificate(readFileSync(certificate));
  return publicKey.export({ type: 'spki', format: 'der' }).equals(spki);
}

test('of processes that make an authority in one folder one succeeds, and its key fits its certificate', async () => {
  const codes = await Promise.all([1, 2, 3].map(() => run(create)));
  expect(codes.filter((code) => code === 0)).toHaveLength(1);
  await openAuthority(folder);
});

test('who issues waits for whoever works in the folder, so that key and certificate are of one piece of work', async () => {
  await createAuthority(folder, 'demo', Date.now());
  await run(issue);
  const { serverKey, serverCertificate, register } = authorityFolder(folder);
  const before = readFileSync(serverKey, 'utf8');
  const other = new ClaimRegister(register);
  let issuing: Promise<(number | null)[]> | undefined;
  await other.exclusively(async () => {
    issuing = Promise.all([1, 2].map(() => run(issue)));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    expect(readFileSync(serverKey, 'utf8')).toBe(before);
  });
  other.close();
  expect(await issuing).toEqual([0, 0]);
  expect(readFileSync(serverKey, 'utf8')).not.toBe(before);
  expect(fits(serverKey, serverCertificate)).toBe(true);
});
