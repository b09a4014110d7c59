import { randomBytes } from 'node:crypto';
import { constants, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WatchpostError } from '@watchpost/contracts/errors';
import { readSecretFile } from '@watchpost/service';
import { flowsFolder } from './confinement.ts';

const example = fileURLToPath(new URL('../nodes/examples/watchpost-alerts.json', import.meta.url));

export interface UserFolder {
  readonly path: string;
  /** Encrypts the credentials that integrators put into nodes. */
  readonly credentialSecret: string;
  /** Whether somebody has deployed: what is there is not the example alone. */
  readonly hasOwnFlows: boolean;
}

/**
 * Node-RED’s folder in the data folder: made at the first start, with the example flow and a random
 * credential secret that only its owner can read.
 * @throws WatchpostError `config.data_folder`
 */
export async function prepareUserFolder(dataFolder: string): Promise<UserFolder> {
  const path = flowsFolder(dataFolder);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    const flowsFile = join(path, 'flows.json');
    await copyFile(example, flowsFile, constants.COPYFILE_EXCL).catch(unlessExists);
    const [flows, asGiven] = await Promise.all([readFile(flowsFile), readFile(example)]);
    const secretFile = join(path, 'credential-secret');
    await writeFile(secretFile, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' }).catch(
      unlessExists,
    );
    return {
      path,
      credentialSecret: readSecretFile(secretFile).toString().trim(),
      hasOwnFlows: !flows.equals(asGiven),
    };
  } catch (cause) {
    if (cause instanceof WatchpostError) throw cause;
    throw new WatchpostError('config.data_folder', { details: { folder: path }, cause });
  }
}

function unlessExists(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}
