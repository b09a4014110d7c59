import { createConnection, type Socket } from 'node:net';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type LocalServer, listenLocally } from './listen-locally.ts';
import { type LocalFault, toError, toFault } from './local-fault.ts';
import { isNobodyThere, shortSocketPath } from './socket-path.ts';

/** A value that JSON can say, and bytes beside it. */
export interface Parcel {
  readonly value: unknown;
  readonly attachments: readonly Uint8Array[];
}

/** What an end takes from the other. */
export interface ExchangeLimits {
  /** JSON of a parcel, bytes. */
  readonly valueBytes: number;
  /** All attachments together, bytes. */
  readonly attachedBytes: number;
  readonly attachments: number;
  /** From the connection to the last byte of a parcel that comes in, milliseconds. */
  readonly arrivalMs: number;
  readonly connections: number;
}

const head = 8;

/**
 * On the wire: u32 length of the JSON · u32 count of attachments · their lengths (u32) · JSON · attachments.
 */
function encode({ value, attachments }: Parcel): Buffer {
  const json = Buffer.from(JSON.stringify(value ?? null));
  const lengths = Buffer.alloc(head + 4 * attachments.length);
  lengths.writeUInt32LE(json.length, 0);
  lengths.writeUInt32LE(attachments.length, 4);
  for (const [i, { length }] of attachments.entries()) lengths.writeUInt32LE(length, head + 4 * i);
  return Buffer.concat([lengths, json, ...attachments]);
}

/** How many bytes the parcel has that begins here; undefined while too few have come to tell. */
function wholeLength(bytes: Buffer, limits: ExchangeLimits): number | undefined {
  if (bytes.length < head) return undefined;
  const json = bytes.readUInt32LE(0);
  const count = bytes.readUInt32LE(4);
  if (json > limits.valueBytes || count > limits.attachments) throw new WatchpostError('local.malformed');
  const lengths = head + 4 * count;
  if (bytes.length < lengths) return undefined;
  let attached = 0;
  for (let i = 0; i < count; i++) attached += bytes.readUInt32LE(head + 4 * i);
  if (attached > limits.attachedBytes) throw new WatchpostError('local.malformed');
  return lengths + json + attached;
}

function decode(bytes: Buffer): Parcel {
  const json = bytes.readUInt32LE(0);
  const count = bytes.readUInt32LE(4);
  let at = head + 4 * count;
  let value: unknown;
  try {
    value = JSON.parse(bytes.subarray(at, at + json).toString('utf8'));
  } catch (cause) {
    throw new WatchpostError('local.malformed', { cause });
  }
  at += json;
  const attachments = Array.from({ length: count }, (_, i) => {
    const from = at;
    at += bytes.readUInt32LE(head + 4 * i);
    return bytes.subarray(from, at);
  });
  return { value, attachments };
}

/** The parcel that comes. @throws WatchpostError `local.malformed`, `local.no_answer` when it ends before */
function parcelOf(socket: Socket, limits: ExchangeLimits): Promise<Parcel> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let got = 0;
    let wanted: number | undefined;
    const timer = setTimeout(() => reject(new WatchpostError('local.no_answer')), limits.arrivalMs);
    const ended = (cause?: unknown): void => reject(new WatchpostError('local.no_answer', { cause }));
    socket
      .on('error', ended)
      .once('end', () => ended())
      .once('close', () => clearTimeout(timer))
      .on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        got += chunk.length;
        try {
          if (wanted === undefined) {
            const start = chunks.length === 1 ? chunk : Buffer.concat(chunks);
            chunks.splice(0, chunks.length, start);
            wanted = wholeLength(start, limits);
          }
          if (wanted === undefined || got < wanted) return;
          clearTimeout(timer);
          if (got > wanted) throw new WatchpostError('local.malformed');
          resolve(decode(Buffer.concat(chunks)));
        } catch (error) {
          reject(error);
        }
      });
  });
}

/**
 * As `serveLocally`, for bytes: one parcel is a request, one its answer, then the connection ends. Only the
 * owner may connect (mode 0600); the folder must let nobody else in.
 * @param handle throws a WatchpostError to answer with it
 * @throws WatchpostError `config.data_folder`
 */
export function serveExchanges(
  path: string,
  limits: ExchangeLimits,
  handle: (request: Parcel) => Promise<Parcel>,
): Promise<LocalServer> {
  const { connections } = limits;
  return listenLocally(
    path,
    { connections, allowHalfOpen: true },
    (socket) => void answerOne(socket, limits, handle),
  );
}

async function answerOne(
  socket: Socket,
  limits: ExchangeLimits,
  handle: (request: Parcel) => Promise<Parcel>,
): Promise<void> {
  let answer: Parcel;
  try {
    const { value, attachments } = await handle(await parcelOf(socket, limits));
    answer = { value: { value }, attachments };
  } catch (error) {
    answer = { value: { error: toFault(error) }, attachments: [] };
  }
  socket.on('error', () => undefined);
  socket.end(encode(answer));
}

/**
 * Sends a parcel to the process that listens on a socket file and gives its answer.
 * @returns undefined when nobody listens
 * @throws WatchpostError the one that it answers with, `local.no_answer` when it ends without one
 */
export async function exchangeLocally(
  path: string,
  request: Parcel,
  limits: ExchangeLimits,
): Promise<Parcel | undefined> {
  let socket: Socket | undefined;
  let release: () => void = () => undefined;
  try {
    const short = shortSocketPath(path);
    release = short.release;
    const connection = createConnection(short.path);
    socket = connection;
    await new Promise<void>((resolve, reject) => {
      connection.once('connect', resolve).once('error', reject);
    });
    connection.write(encode(request));
    const { value, attachments } = await parcelOf(connection, limits);
    const said = value as { readonly value?: unknown; readonly error?: LocalFault };
    if (said.error) throw toError(said.error);
    return { value: said.value, attachments };
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    if (isNobodyThere(error)) return undefined;
    throw new WatchpostError('local.no_answer', { cause: error });
  } finally {
    socket?.destroy();
    release();
  }
}
