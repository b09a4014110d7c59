import type { CrossIssue } from './cross-issue.ts';
import { each, type Fields, fieldsOf, idsOf, listOf } from './file-fields.ts';

type Path = CrossIssue['path'];

/**
 * What in `arming` of a site file does not fit to the rest of it: zones and devices that do not exist or are
 * of another area, zones with hours of their own, schedules of a mode that the area does not have.
 */
export function armingReferences(file: unknown): CrossIssue[] {
  const { arming, zones, devices } = fieldsOf(file);
  const zoneIds = idsOf(zones);
  const taken = new Set<unknown>();
  const ids = new Set<unknown>();
  return each(arming).flatMap(([index, area]): CrossIssue[] => {
    const path: Path = ['arming', index];
    const isTwice = ids.has(area.id);
    ids.add(area.id);
    return [
      ...(isTwice
        ? [{ code: 'site.used_twice' as const, path: [...path, 'id'], details: { found: String(area.id) } }]
        : []),
      ...listOf(area.zones).flatMap((zone, at) => zoneOf([...path, 'zones', at], zone, zones, taken)),
      ...known([...path, 'silentZone'], area.silentZone, zoneIds),
      ...Object.entries(fieldsOf(area.modes)).flatMap(([mode, rules]) =>
        devicesOf([...path, 'modes', mode], fieldsOf(rules), area, devices),
      ),
      ...each(area.schedules).flatMap(([at, { mode }]) =>
        known([...path, 'schedules', at, 'mode'], mode, [...Object.keys(fieldsOf(area.modes)), 'disarm']),
      ),
    ];
  });
}

function known(path: Path, name: unknown, ids: readonly string[]): CrossIssue[] {
  if (typeof name !== 'string' || ids.includes(name)) return [];
  return [{ code: 'site.unknown_reference', path, known: ids }];
}

/** A zone belongs to one area, and is armed by that alone. */
function zoneOf(path: Path, zone: unknown, zones: unknown, taken: Set<unknown>): CrossIssue[] {
  const unknown = known(path, zone, idsOf(zones));
  if (unknown.length > 0) return unknown;
  if (taken.has(zone)) return [{ code: 'site.used_twice', path, details: { found: String(zone) } }];
  taken.add(zone);
  const found = each(zones).find(([, { id }]) => id === zone)?.[1];
  if (listOf(found?.armed).length === 0) return [];
  return [{ code: 'site.conflict', path, details: { expected: 'armed: []' } }];
}

function devicesOf(path: Path, rules: Fields, area: Fields, devices: unknown): CrossIssue[] {
  const own = each(devices).flatMap(([, { id, zone }]) =>
    typeof id === 'string' && listOf(area.zones).includes(zone) ? [id] : [],
  );
  return ['devices', 'except', 'way'].flatMap((field) =>
    listOf(rules[field]).flatMap((device, at) => known([...path, field, at], device, own)),
  );
}
