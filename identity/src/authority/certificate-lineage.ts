/** What is on record of one certificate, as far as it is about where it comes from. */
export interface LineageRow {
  readonly serial: string;
  readonly gateway: string;
  /** Whose renewal it is. */
  readonly parent: string | null;
  /** Of its public key; unknown when the certificate cannot be read. */
  readonly keySha256: string | null;
  readonly issuedMs: number;
  readonly isRenewal: boolean;
}

/**
 * The certificates and all that come from them: their renewals, the renewals of those, and whatever has the
 * same key. Whoever stole a key may have renewed with it, so none of these can be told from the thief’s. A
 * renewal of before parents were recorded counts as one of every earlier certificate of its gateway.
 */
export function withDescendants(rows: readonly LineageRow[], serials: Iterable<string>): Set<string> {
  const found = new Set(serials);
  const bySerial = new Map(rows.map((row) => [row.serial, row]));
  const descends = (row: LineageRow, serial: string, from: LineageRow | undefined): boolean => {
    if (row.parent === serial) return true;
    if (!from) return false; // of another register
    if (row.keySha256 !== null && row.keySha256 === from.keySha256) return true;
    return (
      row.parent === null && row.isRenewal && row.gateway === from.gateway && row.issuedMs >= from.issuedMs
    );
  };
  // a set that grows while it is walked: what is added is visited too
  for (const serial of found) {
    const from = bySerial.get(serial);
    for (const row of rows) if (descends(row, serial, from)) found.add(row.serial);
  }
  return found;
}
