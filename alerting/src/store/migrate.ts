import { WatchpostError } from '@watchpost/contracts/errors';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { StoreCapabilities } from './capabilities.ts';
import { up as first } from './migrations/001-first.ts';
import { timeSeries } from './migrations/002-time-series.ts';
import { up as time } from './migrations/003-time.ts';
import { up as alerts } from './migrations/004-alerts.ts';
import { up as costOfACommit } from './migrations/005-cost-of-a-commit.ts';
import { up as alertQueue } from './migrations/006-alert-queue.ts';
import { doors } from './migrations/007-doors.ts';
import { up as joinsStayInTheirPage } from './migrations/008-joins-stay-in-their-page.ts';
import { dashboards } from './migrations/009-dashboards.ts';
import { uptime } from './migrations/010-uptime.ts';
import { eventHours } from './migrations/011-event-hours.ts';
import { alertChange } from './migrations/012-alert-change.ts';
import { sites } from './migrations/013-sites.ts';
import { accountLinks } from './migrations/014-account-links.ts';
import { audit } from './migrations/015-audit.ts';
import { accountsOfPeople } from './migrations/016-accounts.ts';
import { lists } from './migrations/017-lists.ts';
import { accountIdentities } from './migrations/018-account-identities.ts';
import { candidates } from './migrations/019-candidates.ts';
import { apiTokenAddresses } from './migrations/020-api-token-addresses.ts';
import { passes } from './migrations/021-passes.ts';
import { siteSetup } from './migrations/022-site-setup.ts';
import { plates } from './migrations/023-plates.ts';
import { due } from './migrations/024-due.ts';
import { heldPasses } from './migrations/025-held-passes.ts';
import { duty } from './migrations/026-duty.ts';
import { dutyHandover } from './migrations/027-duty-handover.ts';
import { notices } from './migrations/028-notices.ts';
import { riskContext } from './migrations/029-risk-context.ts';
import { incidents } from './migrations/030-incidents.ts';
import { suppression } from './migrations/031-suppression.ts';
import { response } from './migrations/032-response.ts';
import { gatewayLeases } from './migrations/033-gateway-leases.ts';
import { escalation } from './migrations/034-escalation.ts';
import { incidentNotes } from './migrations/035-incident-notes.ts';
import { flapping } from './migrations/036-flapping.ts';
import { silences } from './migrations/037-silences.ts';
import { contacts } from './migrations/038-contacts.ts';
import { responseIds } from './migrations/039-response-ids.ts';
import { alertHistory } from './migrations/040-alert-history.ts';
import { arming } from './migrations/041-arming.ts';
import { acknowledgeLinks } from './migrations/043-acknowledge-links.ts';
import { canary } from './migrations/044-canary.ts';
import { lateDigest } from './migrations/045-late-digest.ts';
import { queue } from './migrations/046-queue.ts';
import { consentsAnew } from './migrations/047-consents-anew.ts';
import { quietHistory } from './migrations/048-quiet-history.ts';
import { warnings } from './migrations/049-warnings.ts';
import type { Queryable } from './schema.ts';

function migrations(capabilities: StoreCapabilities): Record<string, Migration> {
  return {
    '001-first': { up: first },
    '002-time-series': { up: timeSeries(capabilities) },
    '003-time': { up: time },
    '004-alerts': { up: alerts },
    '005-cost-of-a-commit': { up: costOfACommit },
    '006-alert-queue': { up: alertQueue },
    '007-doors': { up: doors },
    '008-joins-stay-in-their-page': { up: joinsStayInTheirPage },
    '009-dashboards': { up: dashboards(capabilities) },
    '010-uptime': { up: uptime },
    '011-event-hours': { up: eventHours },
    '012-alert-change': { up: alertChange },
    '013-sites': { up: sites },
    '014-account-links': { up: accountLinks },
    '015-audit': { up: audit },
    '016-accounts': { up: accountsOfPeople },
    '017-lists': { up: lists },
    '018-account-identities': { up: accountIdentities },
    '019-candidates': { up: candidates },
    '020-api-token-addresses': { up: apiTokenAddresses },
    '021-passes': { up: passes },
    '022-site-setup': { up: siteSetup },
    '023-plates': { up: plates },
    '024-due': { up: due },
    '025-held-passes': { up: heldPasses },
    '026-duty': { up: duty },
    '027-duty-handover': { up: dutyHandover },
    '028-notices': { up: notices },
    '029-risk-context': { up: riskContext },
    '030-incidents': { up: incidents },
    '031-suppression': { up: suppression },
    '032-response': { up: response },
    '033-gateway-leases': { up: gatewayLeases },
    '034-escalation': { up: escalation },
    '035-incident-notes': { up: incidentNotes },
    '036-flapping': { up: flapping },
    '037-silences': { up: silences },
    '038-contacts': { up: contacts },
    '039-response-ids': { up: responseIds },
    '040-alert-history': { up: alertHistory },
    '041-arming': { up: arming },
    '043-acknowledge-links': { up: acknowledgeLinks },
    '044-canary': { up: canary },
    '045-late-digest': { up: lateDigest },
    '046-queue': { up: queue },
    '047-consents-anew': { up: consentsAnew },
    '048-quiet-history': { up: quietHistory },
    '049-warnings': { up: warnings },
  };
}

const migrationTable = 'watchpost_migration';

/** Names of the migrations that have run, in the order of their names; none in an empty database. */
export async function migrationsOf(db: Queryable): Promise<readonly string[]> {
  const found = await sql<{
    there: boolean;
  }>`select to_regclass(${migrationTable}) is not null as there`.execute(db);
  if (!found.rows[0]?.there) return [];
  const { rows } = await sql<{
    name: string;
  }>`select name from ${sql.table(migrationTable)} order by name`.execute(db);
  return rows.map(({ name }) => name);
}

/** Names of the migrations that this version knows, in their order. */
export const knownMigrations: readonly string[] = Object.keys(
  migrations({ hypertables: false, continuousAggregates: false, compression: false, policies: false }),
);

/** @throws WatchpostError `store.newer` where migrations have run that this version does not know */
export function refuseNewer(ran: readonly string[]): void {
  const unknown = ran.filter((name) => !knownMigrations.includes(name));
  if (unknown.length > 0) throw new WatchpostError('store.newer', { details: { found: unknown.join(', ') } });
}

/**
 * Brings the database to this version's shape. All pending migrations run in one transaction, so a failure
 * changes nothing.
 * @param names of the migrations that may run; by default all
 * @throws WatchpostError `store.newer`, with nothing touched; `store.migration`
 */
export async function migrate(
  db: Queryable,
  capabilities: StoreCapabilities,
  names: readonly string[] = knownMigrations,
): Promise<void> {
  refuseNewer(await migrationsOf(db));
  const wanted = Object.entries(migrations(capabilities)).filter(([name]) => names.includes(name));
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(wanted) },
    // Migrations are numbered by those who make them side by side; none depends on another of the same
    // release.
    allowUnorderedMigrations: true,
    migrationTableName: migrationTable,
    migrationLockTableName: 'watchpost_migration_lock',
  });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const failed = results?.find((result) => result.status === 'Error');
  throw new WatchpostError('store.migration', {
    cause: error,
    details: { migration: failed?.migrationName ?? 'unknown' },
  });
}
