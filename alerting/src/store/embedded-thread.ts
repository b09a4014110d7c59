import { readFile } from 'node:fs/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import {
  packError,
  type ThreadAnswer,
  type ThreadData,
  type ThreadRequest,
  type ThreadResult,
} from './embedded-protocol.ts';

// A thread of its own: a commit of the embedded database is one long run of this thread, and messages,
// requests and timers of the service go on meanwhile.
const port = parentPort;
if (!port) throw new Error('runs as a worker thread only');
const { place, image, startParams } = workerData as ThreadData;
const answer = (message: ThreadAnswer): void => port.postMessage(message);

interface OpenTransaction {
  readonly tx: Transaction;
  readonly settle: { commit: () => void; rollback: (reason: Error) => void };
  readonly ended: Promise<void>;
}

let db: PGlite;
let open: OpenTransaction | undefined;

async function begin(): Promise<void> {
  const begun = Promise.withResolvers<Transaction>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ended = db.transaction(async (tx) => {
    begun.resolve(tx);
    await promise;
  });
  ended.catch(begun.reject);
  open = { tx: await begun.promise, settle: { commit: resolve, rollback: reject }, ended };
}

async function end(how: 'commit' | 'rollback'): Promise<void> {
  const ending = open;
  open = undefined;
  if (!ending) throw new Error('no transaction');
  if (how === 'commit') {
    ending.settle.commit();
    return ending.ended;
  }
  ending.settle.rollback(new Error('rolled back'));
  await ending.ended.catch(() => undefined);
}

const nothing = { rows: [], affectedRows: undefined } as const;

async function handle(request: ThreadRequest): Promise<ThreadResult> {
  const startedMs = performance.now();
  const done = (result: Omit<ThreadResult, 'tookMs'>): ThreadResult => ({
    ...result,
    tookMs: performance.now() - startedMs,
  });
  switch (request.do) {
    case 'query': {
      const { rows, affectedRows } = await (open?.tx ?? db).query(request.text, [...request.values]);
      return done({ rows, affectedRows });
    }
    case 'copy': {
      const blob = request.input && new Blob([new Uint8Array(request.input)]);
      const result = await (open?.tx ?? db).query(request.text, [], blob ? { blob } : {});
      const output = result.blob && new Uint8Array(await result.blob.arrayBuffer());
      return done({ rows: [], affectedRows: result.affectedRows, ...(output ? { output } : {}) });
    }
    case 'begin':
      await begin();
      return done(nothing);
    case 'close':
      await db.close();
      return done(nothing);
    default:
      await end(request.do);
      return done(nothing);
  }
}

try {
  db = await PGlite.create({
    ...(place === undefined ? {} : { dataDir: place }),
    ...(place === undefined && image !== undefined ? { loadDataDir: new Blob([await readFile(image)]) } : {}),
    startParams: [...startParams],
  });
  port.on('message', ({ id, request }: { id: number; request: ThreadRequest }) => {
    handle(request).then(
      (result) => answer({ id, result }),
      (error: unknown) => answer({ id, error: packError(error) }),
    );
  });
  answer({ opened: true });
} catch (error) {
  answer({ opened: false, error: packError(error) });
}
