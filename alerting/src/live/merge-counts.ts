import { severities } from '@watchpost/contracts/alert';
import type { AlertCounts } from '@watchpost/contracts/api';

type SiteCounts = Omit<AlertCounts, 'devices' | 'sites'>;

/** The counts of several sites as one, with each of them; those of one site stay as they are. */
export function mergeCounts(counts: readonly (readonly [site: string, counts: AlertCounts])[]): AlertCounts {
  const parts = counts.map(([, part]) => part);
  const [only, ...others] = parts;
  if (only && others.length === 0) return only;
  const sum = <K extends string>(
    keys: readonly K[],
    of: (part: AlertCounts) => Readonly<Record<K, number>>,
  ) =>
    Object.fromEntries(
      keys.map((key) => [key, parts.reduce((all, part) => all + of(part)[key], 0)]),
    ) as Record<K, number>;
  const bySite = counts.map(([site, { bySeverity, byState, waiting }]): [string, SiteCounts] => [
    site,
    { bySeverity, byState, waiting },
  ]);
  return {
    bySeverity: sum(severities, ({ bySeverity }) => bySeverity),
    byState: sum(['open', 'acknowledged', 'in_progress', 'resolved'], ({ byState }) => byState),
    waiting: sum(severities, ({ waiting }) => waiting),
    sites: Object.fromEntries(bySite),
    devices: parts.flatMap(({ devices }) => devices),
  };
}
