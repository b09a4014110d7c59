import { type ErrorEntry, entry } from './error-entry.ts';

/** Of the database. */
export const storeErrors = {
  'store.unreachable': entry(
    503,
    'The database does not answer.',
    'Check DATABASE_URL and the database server.',
  ),
  'store.disk_full': entry(
    507,
    'The database has no room on its disk, so nothing is stored and gateways keep their events.',
    'Make room on the disk of the database; what waits is stored by itself then.',
  ),
  'store.dead_letter': entry(
    500,
    'A message makes the commit fail again and again; it was set aside so that the others go on.',
    'See the log for the cause and report it; the message is kept among the rejects.',
  ),
  'store.slow_statement': entry(
    503,
    'A statement of the embedded database kept all others waiting.',
    'If it happens again, use a faster disk, or a server by DATABASE_URL; the log names the statement.',
  ),
  'due.behind': entry(
    503,
    'Work that was due at a time is not done: alerts do not end or open again when they should.',
    'Look at the database and its load, and at the log for steps that fail; what waits is done as soon as it can be.',
  ),
  'service.gateway_unheld': entry(
    503,
    'No alerting service speaks for a gateway: nothing of what it sends is stored, and it keeps its events.',
    'Look at the other alerting services of this database, and at the log of each; one that runs takes the gateway by itself.',
  ),
  'service.replaced': entry(
    409,
    'Another alerting service of this database has the name of this one, which does nothing since then.',
    'Give each service a name of its own (`service` in server.yaml) and start this one again.',
  ),
  'store.statement_timeout': entry(
    503,
    'The database did not answer a statement within its time, so it was given up.',
    'Look at the load, the locks and the disk of the database server; what waits is tried again by itself.',
  ),
  'store.newer': entry(
    409,
    'The database was written by a newer version of Watchpost.',
    'Install that version again, or restore a backup of before the upgrade; nothing was changed.',
  ),
  'store.backup_needed': entry(
    409,
    'This version migrates the database server, and no archive of before could be written; nothing was changed.',
    'Make a backup of your own (`watchpost backup`, or of the database server), then start with WATCHPOST_BACKED_UP set to the expected value.',
  ),
  'store.migration': entry(
    500,
    'A database migration failed.',
    'Restore the last backup or ask for help; nothing was changed.',
  ),
} as const satisfies Record<string, ErrorEntry>;
