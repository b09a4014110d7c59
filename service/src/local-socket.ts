import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import { type LocalServer, listenLocally } from './listen-locally.ts';
import { type LocalFault, toError, toFault } from './local-fault.ts';
import { localSocketPolicy } from './policy.ts';
import { isNobodyThere, type SocketPath, shortSocketPath } from './socket-path.ts';

interface Answer {
  readonly value?: unknown;
  readonly error?: LocalFault;
}

/** The first line that comes, without its end. @throws WatchpostError `local.malformed` */
function lineOf(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = (cause?: unknown): void => reject(new WatchpostError('local.malformed', { cause }));
    socket.setTimeout(localSocketPolicy.requestMs, () => refuse());
    socket.once('error', refuse).once('end', () => refuse());
    socket.on('data', (chunk: Buffer) => {
      const end = chunk.indexOf(0x0a);
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
      bytes += chunk.length;
      if (bytes > localSocketPolicy.lineBytes) refuse();
      else if (end >= 0) resolve(Buffer.concat(chunks).toString('utf8'));
    });
  });
}

/**
 * Serves a socket file as {@link listenLocally} does: a line of JSON is a request, a line of JSON its answer.
 * @param handle throws a WatchpostError to answer with it
 * @param connections at once; more are closed as they come
 * @throws WatchpostError `config.data_folder`
 */
export function serveLocally(
  path: string,
  handle: (request: unknown) => Promise<unknown>,
  connections: number = localSocketPolicy.connections,
): Promise<LocalServer> {
  return listenLocally(
    path,
    { connections, allowHalfOpen: false },
    (socket) => void answerOne(socket, handle),
  );
}

async function answerOne(socket: Socket, handle: (request: unknown) => Promise<unknown>): Promise<void> {
  let answer: Answer;
  try {
    const line = await lineOf(socket);
    socket.setTimeout(0);
    let request: unknown;
    try {
      request = JSON.parse(line);
    } catch (cause) {
      throw new WatchpostError('local.malformed', { cause });
    }
    answer = { value: await handle(request) };
  } catch (error) {
    answer = { error: toFault(error) };
  }
  socket.on('error', () => undefined);
  socket.end(`${JSON.stringify(answer)}\n`);
}

/**
 * Asks the process that listens on a socket file.
 * @returns its answer, or undefined when nobody listens
 * @throws WatchpostError the one that it answers with, `local.no_answer`
 */
export async function askLocally(
  path: string,
  request: unknown,
): Promise<{ readonly value: unknown } | undefined> {
  const short = shortenedOrNothing(path);
  if (!short) return undefined;
  const socket = createConnection(short.path);
  try {
    const text = await new Promise<string>((resolve, reject) => {
      const chunks: Buffer[] = [];
      socket.setTimeout(localSocketPolicy.answerMs, () => reject(new WatchpostError('local.no_answer')));
      socket.once('connect', () => socket.write(`${JSON.stringify(request)}\n`));
      socket.once('error', reject).on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    const { error, value } = JSON.parse(text) as Answer;
    if (error) throw toError(error);
    return { value };
  } catch (error) {
    if (error instanceof WatchpostError) throw error;
    if (isNobodyThere(error)) return undefined;
    throw new WatchpostError('local.no_answer', { cause: error });
  } finally {
    socket.destroy();
    short.release();
  }
}

function shortenedOrNothing(path: string): SocketPath | undefined {
  try {
    return shortSocketPath(path);
  } catch (error) {
    if (isNobodyThere(error)) return undefined;
    throw new WatchpostError('local.no_answer', { cause: error });
  }
}

/** The socket of a running server, in its data folder. */
export const adminSocketOf = (dataFolder: string): string => join(dataFolder, 'admin.sock');
