import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type TlsOptions } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeWebRoot, renewWebCertificate, webFolder } from './web-folder.ts';
import { WebRoot } from './web-root.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'web-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const dayMs = 86_400_000;
const names = ['watch.example', '192.168.1.10', 'fd00::1'];
const now = Date.now();

/** What a client that trusts the root alone says of a server that it calls by this name. */
async function trusts(server: TlsOptions, ca: string, name: string): Promise<string> {
  const listener = createServer(server).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  try {
    return await new Promise((resolve) => {
      const socket = connect({
        host: '127.0.0.1',
        port,
        ca,
        ...(/[:]|^[\d.]+$/.test(name) ? {} : { servername: name }),
        // An address has no server name; it is compared as the host is.
        checkServerIdentity: (_host, certificate) =>
          certificate.subjectaltname?.includes(name) ? undefined : new Error('name'),
      });
      socket.once('secureConnect', () => resolve('yes')).once('error', (error) => resolve(error.message));
      socket.once('close', () => resolve('closed'));
      socket.once('secureConnect', () => socket.destroy());
    });
  } finally {
    listener.close();
  }
}
const inFile = (path: string): TlsOptions => ({ cert: readFileSync(path), key: readFileSync(path) });

describe('the web server’s own certificate', () => {
  it('is trusted by whoever installed the root, whose key nobody else may read', async () => {
    expect(await makeWebRoot(folder, names, now)).toBe(true);
    expect(await renewWebCertificate(folder, names, now)).toMatchObject({ renewed: true });
    const files = webFolder(folder);
    for (const secret of [files.rootKey, files.server]) expect(statSync(secret).mode & 0o777).toBe(0o600);
    const root = readFileSync(files.root, 'utf8');
    for (const name of ['watch.example', '192.168.1.10'])
      expect(await trusts(inFile(files.server), root, name)).toBe('yes');
  });
  it('is for the server’s names alone: the root cannot vouch for others', async () => {
    const { root } = await WebRoot.create(['watch.example'], now);
    for (const name of ['bank.example', 'example', '10.0.0.1', 'fd00::1']) {
      const { pem, keyPem } = await root.issue([name], dayMs, now);
      expect([name, await trusts({ cert: pem, key: keyPem }, root.certificatePem, name)]).toEqual([
        name,
        expect.stringMatching(/(permitted|excluded) subtree violation/),
      ]);
    }
    const { root: addresses } = await WebRoot.create(['192.168.1.10', 'fd00::1'], now);
    for (const name of ['watch.example', '192.168.1.11', 'fd00::2']) {
      const { pem, keyPem } = await addresses.issue([name], dayMs, now);
      expect([name, await trusts({ cert: pem, key: keyPem }, addresses.certificatePem, name)]).toEqual([
        name,
        expect.stringMatching(/(permitted|excluded) subtree violation/),
      ]);
    }
  });
  it('lives no longer than browsers allow, stays while it is good and is made anew in time', async () => {
    await makeWebRoot(folder, names, now);
    const { notAfterMs } = await renewWebCertificate(folder, names, now);
    expect(notAfterMs - now).toBeLessThanOrEqual(397 * dayMs);
    const first = readFileSync(webFolder(folder).server);
    expect(await renewWebCertificate(folder, names.toReversed(), now + 300 * dayMs)).toMatchObject({
      renewed: false,
    });
    expect(readFileSync(webFolder(folder).server)).toEqual(first);
    expect(await renewWebCertificate(folder, names, notAfterMs - 59 * dayMs)).toMatchObject({
      renewed: true,
    });
    expect(await makeWebRoot(folder, names, now)).toBe(false);
  });
  it('is made anew for fewer names, and not for names that the root does not cover', async () => {
    await makeWebRoot(folder, names, now);
    await renewWebCertificate(folder, names, now);
    expect(await renewWebCertificate(folder, ['watch.example'], now)).toMatchObject({ renewed: true });
    const before = readFileSync(webFolder(folder).server);
    await expect(renewWebCertificate(folder, [...names, 'other.example'], now)).rejects.toMatchObject({
      code: 'tls.names_not_covered',
      details: { names: 'other.example' },
    });
    expect(readFileSync(webFolder(folder).server)).toEqual(before);
  });
  it('is not made with a key that others can read', async () => {
    await makeWebRoot(folder, names, now);
    chmodSync(webFolder(folder).rootKey, 0o644);
    await expect(renewWebCertificate(folder, names, now)).rejects.toMatchObject({
      code: 'config.secret_readable',
    });
  });
});
