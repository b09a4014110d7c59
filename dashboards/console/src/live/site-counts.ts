import type { AlertCounts } from '@watchpost/contracts/api';

/** The part of the counts of all sites that is of one; all of them where it is null or the only one. */
export function countsOf(counts: AlertCounts, site: string | null): AlertCounts {
  if (site === null || !counts.sites) return counts;
  const devices = counts.devices.filter((device) => device.site === site);
  return { ...counts, ...counts.sites[site], devices };
}
