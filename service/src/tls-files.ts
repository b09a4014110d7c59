import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { WatchpostError } from '@watchpost/contracts/errors';
import { readSecretFile } from './secret-file.ts';

/** PEM files of a TLS server. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
  /** Authority of client certificates. */
  readonly clientCaFile?: string | undefined;
  /** In its place: authorities of several sites. */
  readonly clientAuthorities?: readonly { readonly site: string; readonly caFile: string }[] | undefined;
}

async function readAuthorities(
  { clientCaFile, clientAuthorities }: TlsFiles,
  read: (setting: string, path: string) => Promise<Buffer>,
): Promise<Buffer | Buffer[] | undefined> {
  if (clientAuthorities)
    return Promise.all(
      clientAuthorities.map(({ caFile }, index) => read(`clientAuthorities/${index}/caFile`, caFile)),
    );
  return clientCaFile === undefined ? undefined : read('clientCaFile', clientCaFile);
}

/**
 * Certificate, key and the authority of client certificates, checked together.
 * @throws WatchpostError `config.invalid` with the path of the setting, `config.secret_readable` with the
 *   key’s.
 */
export async function readTlsFiles(
  config: TlsFiles,
): Promise<{ cert: Buffer; key: Buffer; ca: Buffer | Buffer[] | undefined }> {
  const read = async (setting: string, path: string): Promise<Buffer> => {
    try {
      return setting === 'keyFile' ? readSecretFile(path, 'group') : await readFile(path);
    } catch (cause) {
      if (cause instanceof WatchpostError) throw cause;
      throw new WatchpostError('config.invalid', {
        path: `/tls/${setting}`,
        details: { expected: 'a PEM file' },
        cause,
      });
    }
  };
  const files = {
    cert: await read('certFile', config.certFile),
    key: await read('keyFile', config.keyFile),
    ca: await readAuthorities(config, read),
  };
  try {
    createSecureContext(files);
  } catch (cause) {
    const details = { expected: 'a certificate with its key' };
    throw new WatchpostError('config.invalid', { path: '/tls', details, cause });
  }
  return files;
}
