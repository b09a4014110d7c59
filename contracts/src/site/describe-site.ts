import { parseWith } from '../wire/parse.ts';
import type { OffDevice } from './off-device.ts';
import { type Site, type SiteDevice, siteSchema } from './site.ts';
import type { SiteFile } from './site-file.ts';

/**
 * What the API and the console show of a site: its file without what only gateways and officers need. A
 * device that is switched off is shown where its entry says enough and fits: nobody shall think that it is
 * not there.
 * @throws WatchpostError `config.invalid` for what `crossReferences` would have found
 */
export function describeSite(file: SiteFile, off: readonly OffDevice[] = []): Site {
  const { id, name, timeZone, schedules, zones, gateways, devices, lines, arming } = file;
  const [plan, ...otherPlans] = file.plans;
  return parseWith(
    siteSchema,
    {
      id,
      name,
      timeZone,
      plan,
      ...(otherPlans.length > 0 ? { otherPlans } : {}),
      gateways: gateways.map((gateway) => gateway.id),
      zones: zones.map(({ armed, ...zone }) => ({
        ...zone,
        armed: armed.flatMap((schedule) => schedules[schedule] ?? []),
      })),
      devices: [
        ...devices.map(({ id: device, gateway, kind, profile, zone, name: title, mount, reports }) => ({
          id: device,
          gateway,
          kind,
          profile,
          zone,
          name: title,
          at: mount.at,
          ...(reports ? { reports } : {}),
        })),
        ...shownOff(file, off),
      ],
      lines,
      ...(arming.length > 0 ? { arming } : {}),
    },
    'config.invalid',
    '/site',
  );
}

function shownOff({ devices, zones, gateways }: SiteFile, off: readonly OffDevice[]): SiteDevice[] {
  const taken = new Set<string>([...devices, ...gateways].map(({ id }) => id));
  return off.flatMap(({ described }) => {
    if (!described || taken.has(described.id)) return [];
    if (!zones.some(({ id }) => id === described.zone)) return [];
    if (!gateways.some(({ id }) => id === described.gateway)) return [];
    taken.add(described.id);
    return [described];
  });
}
