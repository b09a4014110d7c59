import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { parseWith } from '@watchpost/contracts/wire';
import { readSecretFile, replaceSecretFile } from '@watchpost/service';
import { z } from 'zod';

const token = z.string().regex(/^[A-Za-z0-9_-]{22,}$/);

const secretsSchema = z.strictObject({
  /** Passwords of the MQTT clients. */
  mqtt: z.strictObject({ gateway: token, alerting: token, flows: token }),
  /** The demo log-in; made at the first start, the same from then on. A server has none. */
  demoPassword: z.string().min(12).optional(),
  /** What the alerting service’s proxy shows to Node-RED. */
  flowsProxy: token,
  /** Of what the demo of earlier versions enrolled by itself; used no more. */
  gallery: z.unknown().optional(),
});
export type Secrets = z.infer<typeof secretsSchema>;

const fresh = (bytes = 32): string => randomBytes(bytes).toString('base64url');

function freshSecrets(isDemo: boolean): Secrets {
  return {
    mqtt: { gateway: fresh(), alerting: fresh(), flows: fresh() },
    ...(isDemo ? { demoPassword: fresh(12) } : {}),
    flowsProxy: fresh(),
  };
}

/**
 * The site’s secrets, made at the first start and kept readable by the owner only.
 * @throws WatchpostError `config.data_folder` when it cannot be made, or is damaged: made anew, it would lock
 *   out the stored data.
 */
export function loadSecrets(folder: string, { isDemo }: { readonly isDemo: boolean }): Secrets {
  const path = join(folder, 'secrets.json');
  if (!existsSync(path)) replaceSecretFile(path, JSON.stringify(freshSecrets(isDemo), null, 2));
  try {
    return parseWith(secretsSchema, JSON.parse(readSecretFile(path).toString()), 'config.data_folder');
  } catch (cause) {
    if (cause instanceof WatchpostError && cause.code === 'config.secret_readable') throw cause;
    throw new WatchpostError('config.data_folder', {
      path: '/secrets.json',
      details: { expected: 'the file as it was made' },
      cause,
    });
  }
}
