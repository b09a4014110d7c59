import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ErasureReceipt } from '@watchpost/contracts/lists';
import {
  type CameraProbeResult,
  type PassUse,
  type PassUseAnswer,
  parseWith,
  passUseAnswerSchema,
  type ServerAddresses,
  serverAddressesSchema,
  wireLimits,
} from '@watchpost/contracts/wire';
import { doorName } from '../identity/claim-client.ts';
import { readIdentity } from '../identity/identity-file.ts';
import { stillPolicy, toldPolicy } from '../policy.ts';

/** How a gateway comes to the door. The files are read at each request: certificates are renewed. */
export interface DoorAccess {
  readonly site: string;
  readonly door: string;
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** What is asked of the door. */
interface Asked {
  /** More is not read. */
  readonly maxBytes: number;
  /** By default {@link toldPolicy}. */
  readonly answerMs?: number;
  /** Sent by POST: bytes as JPEG, anything else as JSON. */
  readonly body?: object;
}

/**
 * Fetches one of the gateway’s documents.
 * @param maxBytes more is not read
 * @throws WatchpostError `edge.part_unreachable`
 */
export async function fetchDocument(access: DoorAccess, path: string, maxBytes: number): Promise<Buffer> {
  try {
    return await ask(access, path, { maxBytes });
  } catch (cause) {
    throw new WatchpostError('edge.part_unreachable', { details: { door: access.door, path }, cause });
  }
}

/** @throws WatchpostError `edge.gallery_unreachable` */
export const fetchGallery = (access: DoorAccess, digest: string, holder: string, size: number) =>
  askForFaces(access, `/gallery/${digest}?holder=${holder}`, {
    maxBytes: size,
    answerMs: toldPolicy.galleryMs,
  });

/** @throws WatchpostError `edge.gallery_unreachable` */
export const fetchGalleryKeys = (access: DoorAccess, holder: string) =>
  askForFaces(access, `/gallery-keys?holder=${holder}`, { maxBytes: wireLimits.payloadBytes });

/** Says what was erased. @throws WatchpostError `edge.gallery_unreachable` */
export async function sendErasureReceipt(access: DoorAccess, receipt: ErasureReceipt): Promise<void> {
  await askForFaces(access, '/erasure-receipts', { maxBytes: wireLimits.payloadBytes, body: receipt });
}

/** Asks whether a pass may be used once more, or tells that it was; rejects without an answer. */
export async function askPassUse(access: DoorAccess, use: PassUse, withinMs: number): Promise<PassUseAnswer> {
  const asked = { maxBytes: wireLimits.payloadBytes, answerMs: withinMs, body: use };
  const bytes = await ask(access, '/pass-uses', asked);
  return passUseAnswerSchema.parse(JSON.parse(bytes.toString('utf8')));
}

/**
 * Brings a picture that was asked for under this id, or says why there is none.
 * @throws WatchpostError `edge.part_unreachable`
 */
export async function sendStill(
  access: DoorAccess,
  id: string,
  came: Buffer | { readonly error: string },
): Promise<void> {
  const path = `/stills/${id}`;
  try {
    const asked = { maxBytes: wireLimits.payloadBytes, answerMs: stillPolicy.sendMs, body: came };
    await ask(access, path, asked);
  } catch (cause) {
    throw new WatchpostError('edge.part_unreachable', {
      details: { door: access.door, path: '/stills' },
      cause,
    });
  }
}

/** How a camera is reached that is to be tried. @throws WatchpostError `edge.part_unreachable` */
export async function fetchCameraProbe(access: DoorAccess, id: string): Promise<unknown> {
  return JSON.parse(
    (await fetchDocument(access, `/camera-probes/${id}`, wireLimits.payloadBytes)).toString('utf8'),
  );
}

/** Says what came of it. @throws WatchpostError `edge.part_unreachable` */
export async function sendProbeResult(
  access: DoorAccess,
  id: string,
  result: CameraProbeResult,
): Promise<void> {
  try {
    await ask(access, `/camera-probes/${id}`, { maxBytes: wireLimits.payloadBytes, body: result });
  } catch (cause) {
    throw new WatchpostError('edge.part_unreachable', {
      details: { door: access.door, path: '/camera-probes' },
      cause,
    });
  }
}

async function askForFaces(access: DoorAccess, path: string, asked: Asked): Promise<Buffer> {
  try {
    return await ask(access, path, asked);
  } catch (cause) {
    throw new WatchpostError('edge.gallery_unreachable', { details: { door: access.door }, cause });
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

function ask(access: DoorAccess, path: string, asked: Asked): Promise<Buffer> {
  const { site, door, caFile, certFile, keyFile } = access;
  const { maxBytes, answerMs = toldPolicy.answerMs, body } = asked;
  const { certificate: cert, key } = readIdentity(certFile, keyFile);
  const tls = { ca: readFileSync(caFile), cert, key, ...doorName(site, door) };
  return new Promise<Buffer>((resolve, reject) => {
    const signal = AbortSignal.timeout(answerMs);
    const method = body ? 'POST' : 'GET';
    const outgoing = request(new URL(path, door), { ...tls, agent: false, signal, method }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) response.destroy(new Error('larger than announced'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        if (response.statusCode === 200 || response.statusCode === 204) resolve(Buffer.concat(chunks));
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    outgoing.on('error', reject);
    if (body) outgoing.setHeader('content-type', Buffer.isBuffer(body) ? 'image/jpeg' : 'application/json');
    outgoing.end(Buffer.isBuffer(body) ? body : body && JSON.stringify(body));
  });
}
