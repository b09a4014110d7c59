/** A connection of its own to a database whose tables are copied out of or into it. */
export interface CopyConnection {
  /** Runs a statement. */
  query<T extends object>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
  /**
   * The rows of these columns of a table in PostgreSQL’s text form of COPY. Chunks end anywhere.
   * @param table with its schema, quoted
   * @param columns quoted
   */
  copyOut(table: string, columns: readonly string[]): AsyncIterable<Uint8Array>;
  /** The other way round; gives the number of rows. */
  copyIn(table: string, columns: readonly string[], chunks: AsyncIterable<Uint8Array>): Promise<number>;
  close(): Promise<void>;
}

/** A name as it stands in a statement. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** How both sides write values, whatever the server is set to. */
export const copySettings = [
  `set datestyle = 'ISO, YMD'`,
  `set timezone = 'UTC'`,
  `set bytea_output = 'hex'`,
  `set extra_float_digits = 1`,
  `set intervalstyle = 'postgres'`,
] as const;
