import { WatchpostError } from '../errors/watchpost-error.ts';
import { reservedGatewayIds } from '../wire/topics.ts';
import { armingReferences } from './arming-references.ts';
import { parseCameraAddress } from './connect/parse-camera-address.ts';
import type { CrossIssue } from './cross-issue.ts';
import { each, type Fields, fieldsOf, idsOf, listOf } from './file-fields.ts';

type Path = readonly (string | number)[];

/** What else is there, outside the file. */
export interface SiteContext {
  /** Kind of each hardware profile, by id. */
  readonly profiles: ReadonlyMap<string, string>;
  /** Now, milliseconds since the epoch. */
  readonly nowMs: number;
  /** Whether there is a secret of this name. */
  hasSecret(name: string): boolean;
  /** Names of the rule sets that have a file; absent where they are not looked for. */
  readonly ruleSets?: readonly string[];
}

/**
 * What in a site file does not fit together: names that do not exist, ids used twice, cameras that look for
 * faces without a record. Looks at a file as it was written, with whatever other mistakes it has, so that all
 * are told at once.
 */
export function crossReferences(
  file: unknown,
  { profiles, nowMs, hasSecret, ruleSets }: SiteContext,
): CrossIssue[] {
  const { zones, plans, gateways, devices, lines, schedules, privacy } = fieldsOf(file);
  const planIds = idsOf(plans);
  const zoneIds = idsOf(zones);
  const gatewayIds = idsOf(gateways);
  const lineIds = idsOf(lines);
  const scheduleIds = Object.keys(fieldsOf(schedules));
  const cameras = each(devices).filter(([, device]) => device.kind === 'camera');
  const covered = new Set(each(privacy).flatMap(([, record]) => listOf(record.cameras)));
  return [
    ...ruleSetOf(file, ruleSets),
    ...usedTwice('plans', plans),
    ...usedTwice('zones', zones),
    ...usedTwice('gateways', gateways, new Set(reservedGatewayIds)),
    // What a gateway says of itself stands under its id among the devices, and what the server says under
    // that of alerting.
    ...usedTwice('devices', devices, new Set([...gatewayIds, ...reservedGatewayIds])),
    ...usedTwice('lines', lines),
    ...each(zones).flatMap(([index, zone]) => [
      ...known(['zones', index, 'plan'], zone.plan, planIds),
      ...listOf(zone.outline).flatMap((point, at) =>
        offPlan(['zones', index, 'outline', at], point, zone.plan, plans),
      ),
      ...listOf(zone.armed).flatMap((name, at) => known(['zones', index, 'armed', at], name, scheduleIds)),
    ]),
    ...each(lines).flatMap(([index, line]) => known(['lines', index, 'zone'], line.zone, zoneIds)),
    ...each(devices).flatMap(([index, device]) => [
      ...known(['devices', index, 'zone'], device.zone, zoneIds),
      ...known(['devices', index, 'gateway'], device.gateway, gatewayIds),
      ...profileOf(['devices', index, 'profile'], device, profiles),
      ...secretsIn(['devices', index], device, hasSecret),
      ...hooksOf(['devices', index, 'connect', 'driver'], device, gateways),
      ...addressOf(['devices', index, 'connect', 'url'], device),
      ...facesOf(['devices', index], device, covered, zones),
      ...each(device.lines).flatMap(([at, { line }]) =>
        known(['devices', index, 'lines', at, 'line'], line, lineIds),
      ),
      ...each(device.areas).flatMap(([at, { zone }]) =>
        known(['devices', index, 'areas', at, 'zone'], zone, zoneIds),
      ),
      ...offPlan(
        ['devices', index, 'mount', 'at'],
        fieldsOf(device.mount).at,
        each(zones).find(([, { id }]) => id === device.zone)?.[1].plan,
        plans,
      ),
    ]),
    ...armingReferences(file),
    ...each(privacy).flatMap(([index, { assessment }]) => notYet(['privacy', index], assessment, nowMs)),
    ...each(privacy).flatMap(([index, record]) =>
      listOf(record.cameras).flatMap((camera, at) =>
        known(
          ['privacy', index, 'cameras', at],
          camera,
          cameras.map(([, { id }]) => String(id)),
        ),
      ),
    ),
  ];
}

function ruleSetOf(file: unknown, names: SiteContext['ruleSets']): CrossIssue[] {
  const { ruleSet } = fieldsOf(fieldsOf(fieldsOf(file).policy).risk);
  if (typeof ruleSet !== 'string' || !names || names.includes(ruleSet)) return [];
  return [{ code: 'site.no_rule_set', path: ['policy', 'risk', 'ruleSet'], known: names }];
}

function usedTwice(list: string, value: unknown, taken: ReadonlySet<string> = new Set()): CrossIssue[] {
  const seen = new Set<unknown>(taken);
  return each(value).flatMap(([index, { id }]) => {
    if (typeof id !== 'string' || !seen.has(id)) {
      seen.add(id);
      return [];
    }
    return [{ code: 'site.used_twice' as const, path: [list, index, 'id'], details: { found: id } }];
  });
}

function known(path: Path, name: unknown, ids: readonly string[]): CrossIssue[] {
  if (typeof name !== 'string' || ids.includes(name)) return [];
  return [{ code: 'site.unknown_reference', path, known: ids }];
}

/** A point beyond the edges of its plan would be drawn nowhere. */
function offPlan(path: Path, point: unknown, plan: unknown, plans: unknown): CrossIssue[] {
  const { widthM, heightM } = each(plans).find(([, { id }]) => id === plan)?.[1] ?? {};
  return [widthM, heightM].flatMap((most, axis) => {
    const metres = listOf(point)[axis];
    if (typeof metres !== 'number' || typeof most !== 'number' || metres <= most) return [];
    return [{ code: 'site.out_of_range' as const, path: [...path, axis], details: { found: metres, most } }];
  });
}

function profileOf(path: Path, { profile, kind }: Fields, profiles: SiteContext['profiles']): CrossIssue[] {
  if (typeof profile !== 'string' || typeof kind !== 'string') return [];
  const found = profiles.get(profile);
  const fitting = [...profiles].filter(([, its]) => its === kind).map(([id]) => id);
  if (found === undefined) return [{ code: 'site.unknown_profile', path, known: fitting }];
  if (found === kind || ![...profiles.values()].includes(kind)) return [];
  return [{ code: 'site.wrong_profile', path, details: { expected: kind, found }, known: fitting }];
}

/** `{ secret: name }` anywhere below, and passwords that stand in an address. */
function secretsIn(path: Path, value: unknown, hasSecret: SiteContext['hasSecret']): CrossIssue[] {
  if (typeof value === 'string') {
    const inline = /^[a-z]+:\/\/[^/?#@]*:[^/?#@]+@/i.test(value);
    return inline ? [{ code: 'site.secret_inline', path }] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  const { secret } = value as Fields;
  if (typeof secret === 'string' && Object.keys(value).length === 1)
    return hasSecret(secret)
      ? []
      : [{ code: 'site.secret_missing', path: [...path, 'secret'], details: { found: secret } }];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretsIn([...path, Array.isArray(value) ? Number(key) : key], inner, hasSecret),
  );
}

/** The address of a camera’s stream, without which its gateway could not begin. */
function addressOf(path: Path, { kind, connect }: Fields): CrossIssue[] {
  const { driver, url, user } = fieldsOf(connect);
  if (kind !== 'camera' || driver === 'file' || typeof url !== 'string') return [];
  const refuse = (reason: string): CrossIssue[] => [
    { code: 'config.camera_address', path, details: { reason } },
  ];
  try {
    const address = parseCameraAddress(url);
    if (address.kind !== driver) return refuse('scheme');
    return 'user' in address && user !== undefined ? refuse('user_twice') : [];
  } catch (error) {
    return refuse(error instanceof WatchpostError ? String(error.details.reason) : 'not_an_address');
  }
}

/** A device that calls its gateway needs one that listens. */
function hooksOf(path: Path, { connect, gateway }: Fields, gateways: unknown): CrossIssue[] {
  if (fieldsOf(connect).driver !== 'webhook') return [];
  const its = each(gateways).find(([, { id }]) => id === gateway)?.[1];
  if (!its || its.hooks !== undefined) return [];
  return [{ code: 'site.conflict', path, details: { expected: 'gateways: hooks: { port: 8085 }' } }];
}

/** An approval in the future is none. */
function notYet(path: Path, assessment: unknown, nowMs: number): CrossIssue[] {
  const { approvedAt } = fieldsOf(assessment);
  if (typeof approvedAt !== 'string' || !(Date.parse(approvedAt) > nowMs)) return [];
  const most = new Date(nowMs).toISOString();
  return [{ code: 'site.out_of_range', path: [...path, 'assessment', 'approvedAt'], details: { most } }];
}

/** Privacy rule 9. */
function facesOf(path: Path, device: Fields, covered: ReadonlySet<unknown>, zones: unknown): CrossIssue[] {
  if (device.kind !== 'camera') return [];
  const hasRecord = covered.has(device.id);
  if (device.faces === true && !hasRecord)
    return [{ code: 'site.no_privacy_record', path: [...path, 'faces'] }];
  if (device.faces === false || !hasRecord) return [];
  const seen: [Path, unknown][] = [
    [[...path, 'zone'], device.zone],
    ...each(device.areas).map(([at, { zone }]): [Path, unknown] => [[...path, 'areas', at, 'zone'], zone]),
  ];
  return seen.flatMap(([place, zone]): CrossIssue[] => {
    const known = each(zones).find(([, { id }]) => id === zone)?.[1];
    if (known?.public !== false) return [];
    return [{ code: 'site.conflict', path: place, details: { expected: 'public: true' } }];
  });
}
