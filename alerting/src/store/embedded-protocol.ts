/** What the thread of the embedded database is started with. */
export interface ThreadData {
  /** Folder of the cluster; undefined keeps it in memory. */
  readonly place: string | undefined;
  /** Path of a tar of an empty cluster, which a database in memory begins with instead of making its own. */
  readonly image: string | undefined;
  readonly startParams: readonly string[];
}

/** What it is asked. Between `begin` and `commit` or `rollback` every query belongs to the transaction. */
export type ThreadRequest =
  | { readonly do: 'query'; readonly text: string; readonly values: readonly unknown[] }
  /** COPY to `/dev/blob`, whose bytes are the answer; with `input`, COPY from there. */
  | { readonly do: 'copy'; readonly text: string; readonly input?: Uint8Array }
  | { readonly do: 'begin' | 'commit' | 'rollback' | 'close' };

/** An error as it crosses the threads: own fields, `code` of PostgreSQL among them. */
export interface ThreadError {
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** Rows of a statement, as the thread sends them. */
export interface ThreadResult {
  readonly rows: readonly unknown[];
  readonly affectedRows: number | undefined;
  /** What a COPY gave. */
  readonly output?: Uint8Array;
  /** How long the statement ran, without waiting. */
  readonly tookMs: number;
}

/** What it answers; the first message says whether the database is open. */
export type ThreadAnswer =
  | { readonly opened: true }
  | { readonly opened: false; readonly error: ThreadError }
  | { readonly id: number; readonly result: ThreadResult }
  | { readonly id: number; readonly error: ThreadError };

/** An error as plain data, so that it crosses the thread’s border with its fields. */
export function packError(error: unknown): ThreadError {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  const plain = Object.entries(error).filter((entry): entry is [string, string | number | boolean] =>
    ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return { message: error.message, fields: Object.fromEntries(plain) };
}

/** The error that {@link packError} packed. */
export function unpackError({ message, fields }: ThreadError): Error {
  return Object.assign(new Error(message), fields);
}
