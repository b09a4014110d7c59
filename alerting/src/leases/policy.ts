/** Who speaks for which gateway, where several services share a database server. Milliseconds. */
export const leasePolicy = {
  /** Without a word from its holder a lease ends after this, by the clock of the database. */
  leaseMs: 4_000 as number,
  /** Between two words of a holder. */
  everyMs: 1_000 as number,
  /** Before its leases end a holder no longer counts on them where nothing else checks them. */
  marginMs: 500 as number,
  /** A gateway that nobody holds for so long is a fault that somebody sees. */
  unheldAboveMs: 10_000 as number,
  /** Between two words to other services of the database that something happened, at least. */
  tellEveryMs: 20 as number,
};
