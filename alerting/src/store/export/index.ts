export { knownMigrations } from '../migrate.ts';
export type { TableShape } from './describe-tables.ts';
export { exportTables, noTables, type StoreSource, type TablesToExport } from './export-tables.ts';
export { requireKnown, type StoreTarget, TableImport } from './import-tables.ts';
export { rehearseUpgrade, type UpgradeRehearsal } from './rehearse-upgrade.ts';
