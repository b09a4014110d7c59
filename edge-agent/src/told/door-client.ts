import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { WatchpostError } from '@watchpost/contracts/errors';
import {
  parseWith,
  type ServerAddresses,
  serverAddressesSchema,
  wireLimits,
} from '@watchpost/contracts/wire';
import { doorName } from '../identity/claim-client.ts';
import { readIdentity } from '../identity/identity-file.ts';
import { toldPolicy } from '../policy.ts';

/** How a gateway comes to the door. The files are read at each request: certificates are renewed. */
export interface DoorAccess {
  readonly site: string;
  readonly door: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Fetches one of the gateway’s documents.
 * @param maxBytes more is not read
 * @throws WatchpostError `edge.part_unreachable`
 */
export async function fetchDocument(access: DoorAccess, path: string, maxBytes: number): Promise<Buffer> {
  try {
    return await get(access, path, maxBytes);
  } catch (cause) {
    throw new WatchpostError('edge.part_unreachable', { details: { door: access.door, path }, cause });
  }
}

/**
 * Asks the door where the server is and whose announcements count.
 * @throws WatchpostError `edge.part_unreachable`
 */
export async function fetchServer(access: DoorAccess): Promise<ServerAddresses> {
  const bytes = await fetchDocument(access, '/server', wireLimits.payloadBytes);
  try {
    return parseWith(serverAddressesSchema, JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new WatchpostError('edge.part_unreachable', { details: { door: access.door }, cause });
  }
}

function get({ site, door, caFile, certFile, keyFile }: DoorAccess, path: string, maxBytes: number) {
  const { certificate: cert, key } = readIdentity(certFile, keyFile);
  const tls = { ca: readFileSync(caFile), cert, key, ...doorName(site, door) };
  return new Promise<Buffer>((resolve, reject) => {
    const signal = AbortSignal.timeout(toldPolicy.answerMs);
    const outgoing = request(new URL(path, door), { ...tls, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) response.destroy(new Error('larger than announced'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200) resolve(Buffer.concat(chunks));
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
