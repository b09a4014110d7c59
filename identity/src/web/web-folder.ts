import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { makeFolders, readSecretFile, replaceFileSync, replaceSecretFile } from '@watchpost/service';
import { webCertificatePolicy } from '../policy.ts';
import { inFull } from './name-form.ts';
import type { WebRoot } from './web-root.ts';

/** The files of a server’s own web certificates. The keys are secret. */
export interface WebFolder {
  /** What people install on their phones and computers. */
  readonly root: string;
  readonly rootKey: string;
  /** Key and certificate of the web server in one file, so that they are replaced together. */
  readonly server: string;
}

export const webFolder = (folder: string): WebFolder => ({
  root: join(folder, 'root.pem'),
  rootKey: join(folder, 'root.key'),
  server: join(folder, 'server.pem'),
});

const dayMs = 24 * 3_600_000;

// Loaded when a certificate is made, not by everything that looks whether one is due.
const webRoot = async (): Promise<typeof WebRoot> => (await import('./web-root.ts')).WebRoot;

/**
 * Makes the root for these names, unless there is one. Whoever calls sees to it that nobody else does at the
 * same time.
 * @returns whether it was made
 * @throws WatchpostError `config.data_folder`
 */
export async function makeWebRoot(folder: string, names: readonly string[], nowMs: number): Promise<boolean> {
  const files = webFolder(folder);
  // The certificate comes last: without it a key is what a killed process left.
  if (existsSync(files.root)) return false;
  try {
    makeFolders(folder);
    const { root, keyPem } = await (await webRoot()).create(names, nowMs);
    replaceSecretFile(files.rootKey, keyPem);
    replaceFileSync(files.root, root.certificatePem, 0o644);
    return true;
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    throw new WatchpostError('config.data_folder', { path: folder, cause });
  }
}

/** How a server’s certificate stands. */
export interface WebCertificate {
  /** Whether it was made just now. */
  readonly renewed: boolean;
  readonly notAfterMs: number;
}

/** Names of a certificate, as Node writes them (`DNS:a, IP Address:1.2.3.4`), in a form to compare. */
const namesOf = ({ subjectAltName = '' }: X509Certificate): readonly string[] =>
  subjectAltName
    .split(', ')
    .map((entry) => inFull(entry.replace(/^(DNS|IP Address):/, '')))
    .toSorted();

function present(path: string): X509Certificate | undefined {
  try {
    return new X509Certificate(readSecretFile(path));
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    return undefined;
  }
}

/**
 * Makes the web server’s certificate where there is none, it ends soon or is for other names.
 * @throws WatchpostError `tls.names_not_covered` when the root is not for these names: the certificate stays
 *   as it is; `config.data_folder`, `config.secret_readable`
 */
export async function renewWebCertificate(
  folder: string,
  names: readonly string[],
  nowMs: number,
): Promise<WebCertificate> {
  const files = webFolder(folder);
  const { lifeDays, renewDays } = webCertificatePolicy;
  const found = present(files.server);
  const endsMs = found?.validToDate.getTime() ?? 0;
  const isForNames = found && String(namesOf(found)) === String(names.map(inFull).toSorted());
  // A clock that was set back must not make one a day: what begins in the future is used all the same.
  if (isForNames && endsMs - nowMs > renewDays * dayMs) return { renewed: false, notAfterMs: endsMs };
  const root = await openRoot(folder);
  const uncovered = root.uncovered(names);
  if (uncovered.length > 0) {
    const details = { names: uncovered.slice(0, 10).join(', ') };
    throw new WatchpostError('tls.names_not_covered', { path: '/names', details });
  }
  const { keyPem, pem, notAfterMs } = await root.issue(names, lifeDays * dayMs, nowMs);
  replaceSecretFile(files.server, keyPem + pem);
  return { renewed: true, notAfterMs };
}

async function openRoot(folder: string): Promise<WebRoot> {
  const files = webFolder(folder);
  try {
    const key = readSecretFile(files.rootKey).toString();
    return await (await webRoot()).open(readFileSync(files.root, 'utf8'), key);
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    // The cause may quote the key.
    const details = { expected: 'root.pem and root.key as `init` wrote them' };
    throw new WatchpostError('config.data_folder', { path: folder, details });
  }
}
