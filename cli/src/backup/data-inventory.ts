/** What a file or folder of a server is for. */
export type DataClass =
  /** What people write: what a server and its sites are. */
  | 'settings'
  /** Passwords and keys. */
  | 'secret'
  /** Who is who: roots, claims, revocations. */
  | 'authority'
  /** Of a gateway that the server runs itself: events that wait, uses of passes, its clock. */
  | 'gateway'
  /** Of the broker: whose client ids are. */
  | 'broker'
  /** What integrators wired, and its credentials. */
  | 'flows'
  /** What commands did, for the audit log of the next start. */
  | 'audit'
  /** Enrolled faces, encrypted. */
  | 'gallery'
  /** The embedded database: in an archive its tables, never its files. */
  | 'database'
  /** Made anew whenever it is missing. */
  | 'cache';

/** One kind of file. */
export interface InventoryEntry {
  /** Which folder: that of the server, or that of its data. */
  readonly root: 'server' | 'data';
  /** Path from the root, with slashes; a folder stands for all below it. */
  readonly path: RegExp;
  readonly class: DataClass;
}

const entry = (root: InventoryEntry['root'], path: RegExp, dataClass: DataClass): InventoryEntry => ({
  root,
  path,
  class: dataClass,
});

/**
 * What a server consists of: the one place that says which files belong to it. The first entry that fits
 * counts. What is in none of them goes into archives all the same, and a test fails: whoever adds a file says
 * here what it is.
 */
export const dataInventory: readonly InventoryEntry[] = [
  entry('server', /(^|\/)in-use\.lock/, 'cache'),
  // What a program that was killed left of a file that it was writing.
  entry('server', /\.[0-9a-f]{12}$/, 'cache'),
  entry('server', /^server\.yaml$/, 'settings'),
  entry('server', /^sites\/[^/]+\/(site\.yaml|rules\/.+)$/, 'settings'),
  entry('server', /^(sites\/[^/]+\/)?\.versions\//, 'settings'),
  entry('server', /^systemd\//, 'settings'),
  entry('server', /^secrets\//, 'secret'),
  entry('server', /^(authorities|web)\//, 'authority'),
  entry('data', /(^|\/)in-use\.lock/, 'cache'),
  entry('data', /\.[0-9a-f]{12}$/, 'cache'),
  entry('data', /^secrets\.json$/, 'secret'),
  // What signs passes and plates of each site.
  entry('data', /^(passes|plates)\//, 'secret'),
  entry('data', /^store\//, 'database'),
  entry('data', /^(run|cache|console|demo\/camera)\//, 'cache'),
  // Who has faces and who has erased them: an older one asks again, which harms nobody.
  entry('data', /^receipts\//, 'gallery'),
  // After a restore versions begin anew, above every one that a gateway has.
  entry('data', /^told\//, 'cache'),
  // Says that this server was restored, until its next start.
  entry('data', /^restored\.json$/, 'cache'),
  // Archives of this server; one in the other would only grow.
  entry('data', /^backups\//, 'cache'),
  entry('data', /^(backup-copy-\d+|[^/]*\.sock)(\/|$)/, 'cache'),
  // Written anew from the database at each start.
  entry('data', /^permits\//, 'cache'),
  // Who is told that the database is gone: known anew a few seconds after the start.
  entry('data', /^fallback\.json$/, 'cache'),
  // Who was told that the chain is broken: found out anew.
  entry('data', /^canary\.json$/, 'cache'),
  // Room on the disk that the outbox gives up when there is none left.
  // … and the outbox as a version before left it: what of it waited is in the outbox too.
  entry('data', /^(edge|gateways(\/[^/]+){2})\/outbox\.(reserve|sqlite\.before-\d+)$/, 'cache'),
  // Came through the gateway door, and comes again; what was erased since is not to come back.
  entry('data', /^(edge|gateways(\/[^/]+){2})\/(faces\/|permit\.json$)/, 'cache'),
  entry('data', /^gateways(\/[^/]+){2}\/identity\//, 'authority'),
  entry('data', /^(edge|gateways\/[^/]+)\//, 'gateway'),
  entry('data', /^client-ids\.json$/, 'broker'),
  entry('data', /^flows\//, 'flows'),
  entry('data', /^audit-notes\//, 'audit'),
  entry('data', /^enrolment\/[^/]+\/(keys\.json|storage\.key)$/, 'secret'),
  entry('data', /^enrolment\//, 'gallery'),
  entry('data', /^demo\//, 'gallery'),
];

/** The class of a file; undefined for one that nobody declared. */
export function classOf(root: InventoryEntry['root'], path: string): DataClass | undefined {
  return dataInventory.find((one) => one.root === root && one.path.test(path))?.class;
}

/** Whether a file goes into archives as it is. */
export function isArchived(root: InventoryEntry['root'], path: string): boolean {
  const found = classOf(root, path);
  return found !== 'cache' && found !== 'database';
}

/**
 * Tables whose rows stay out of archives: a log-in that ended after the backup, a one-time link or a recovery
 * code that was used since, an API token that was revoked or a link to a pass that was replaced would be good
 * again after a restore, and a notice that was sent since would be sent again. Where officers are is nobody’s
 * to keep, and which service has which gateway holds for seconds. What came through the chain proves nothing
 * after a restore, and who was told of what came late is not to be told again.
 */
export const tablesNotArchived: readonly string[] = [
  'session',
  'account_link',
  'account_recovery_code',
  'api_token',
  'pass_link',
  'notice',
  'officer_position',
  'alerting_service',
  'gateway_lease',
  'canary',
  'late_counted',
  'late_digest',
  'escalation',
];
