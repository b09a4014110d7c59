import { readFileSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { isReadableOnTheWay, readSecretFile } from '@watchpost/service';
import { z } from 'zod';

const fileSchema = z.string().min(1).max(4096);

/** With this user name the password is a signed token. */
const tokenUsername = 'token';

/**
 * How the gateway reaches the broker and by what it is known there: a certificate, a token, or a user with a
 * password.
 */
export const brokerAccessSchema = z
  .strictObject({
    url: z.string().regex(/^(mqtt|tcp|mqtts):\/\//, 'expected mqtt://host:port or mqtts://host:port'),
    username: z.string().max(256).optional(),
    password: z.string().max(256).optional(),
    /** A signed token, read again at every attempt: whoever renews it only replaces the file. */
    tokenFile: fileSchema.optional(),
    /** PEM of the authority that signed the broker’s certificate; default the system’s authorities. */
    caFile: fileSchema.optional(),
    /**
     * PEM of the gateway’s certificate and key; both may be one file, as `watchpost gateway claim` writes it.
     */
    certFile: fileSchema.optional(),
    keyFile: fileSchema.optional(),
    /**
     * `https://host:port` of the claim service, where the certificate is renewed. Needs one file for
     * certificate and key.
     */
    renewUrl: z.url({ protocol: /^https$/ }).optional(),
    /**
     * The password or token may go to another computer without TLS: only where the network itself is
     * protected.
     */
    insecure: z.boolean().optional(),
  })
  .superRefine((access, context) => {
    const { url, username, password, tokenFile, caFile, certFile, keyFile, renewUrl } = access;
    const complain = (field: keyof typeof access, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message });
    if (tokenFile && (username !== undefined || password !== undefined))
      complain('tokenFile', 'expected either a token or a user name with a password');
    if ((certFile === undefined) !== (keyFile === undefined))
      complain(certFile === undefined ? 'certFile' : 'keyFile', 'expected together with the other one');
    if ((caFile || certFile) && !url.startsWith('mqtts:'))
      complain('url', 'expected mqtts:// with certificates');
    if (renewUrl && (!caFile || !certFile || certFile !== keyFile))
      complain('renewUrl', 'expected caFile, and certFile and keyFile to be the same file');
  });
export type BrokerAccess = z.output<typeof brokerAccessSchema>;

/**
 * Refuses to send a password or token in the clear to another computer, unless that is what was configured.
 * @throws WatchpostError `config.plain_credentials`
 */
export function refusePlainCredentials({ url, password, tokenFile, insecure }: BrokerAccess): void {
  const hasSecret = password !== undefined || tokenFile !== undefined;
  if (hasSecret && !insecure && isReadableOnTheWay(url))
    throw new WatchpostError('config.plain_credentials', { path: '/broker/insecure' });
}

/** The same with absolute paths. */
export function resolveAccess(access: BrokerAccess, resolve: (file: string) => string): BrokerAccess {
  const resolved: BrokerAccess = { ...access };
  for (const field of ['tokenFile', 'caFile', 'certFile', 'keyFile'] as const) {
    const file = access[field];
    if (file !== undefined) resolved[field] = resolve(file);
  }
  return resolved;
}

/** What a connection needs, as mqtt.js takes it. */
export interface ConnectionCredentials {
  username?: string;
  password?: string;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
}

/**
 * Reads the files anew: each connection uses what is there now.
 * @throws WatchpostError `config.invalid` with the setting whose file cannot be read
 */
export function readCredentials(access: BrokerAccess): ConnectionCredentials {
  const { username, password, tokenFile, caFile, certFile, keyFile } = access;
  const read = (setting: string, file: string): Buffer => {
    try {
      return setting === 'tokenFile' || setting === 'keyFile' ? readSecretFile(file) : readFileSync(file);
    } catch (cause) {
      if (cause instanceof WatchpostError) throw cause;
      throw new WatchpostError('config.invalid', {
        path: `/broker/${setting}`,
        details: { expected: 'a file that can be read' },
        cause,
      });
    }
  };
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tokenFile === undefined
      ? {}
      : { username: tokenUsername, password: read('tokenFile', tokenFile).toString().trim() }),
    ...(caFile === undefined ? {} : { ca: read('caFile', caFile) }),
    ...(certFile === undefined || keyFile === undefined
      ? {}
      : { cert: read('certFile', certFile), key: read('keyFile', keyFile) }),
  };
}
