import { severities, suppressionKinds } from '@watchpost/contracts/alert';
import type { AlertCounts } from '@watchpost/contracts/api';

type SiteCounts = Omit<AlertCounts, 'devices' | 'sites'>;

const nothing = { silence: 0, inhibition: 0, flapping: 0, snooze: 0 };

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
  const bySite = counts.map(
    ([site, { devices: _devices, sites: _sites, ...ofSite }]): [string, SiteCounts] => [site, ofSite],
  );
  const isQuiet = parts.some(({ quiet }) => quiet !== undefined);
  return {
    bySeverity: sum(severities, ({ bySeverity }) => bySeverity),
    byState: sum(['open', 'acknowledged', 'in_progress', 'resolved'], ({ byState }) => byState),
    waiting: sum(severities, ({ waiting }) => waiting),
    ...(isQuiet ? { quiet: sum(suppressionKinds, ({ quiet }) => quiet ?? nothing) } : {}),
    sites: Object.fromEntries(bySite),
    devices: parts.flatMap(({ devices }) => devices),
  };
}
