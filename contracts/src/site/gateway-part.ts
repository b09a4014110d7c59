import { looksForFaces } from './describe-privacy.ts';
import type { Device } from './devices/device.ts';
import type { OffDevice } from './off-device.ts';
import type { PassesSection } from './policy-passes.ts';
import type { ArmedHours } from './schedule.ts';
import type { PlacedDevice, SiteFile } from './site-file.ts';

/** `policy.passes` as a gateway is told it, milliseconds. */
export interface PassTimes {
  readonly clockSkewMs: number;
  readonly countsForFaceMs: number;
  readonly revokedListGoodMs: number;
}

/** What one gateway is told of its site. */
export interface GatewayPart {
  readonly site: SiteFile['id'];
  readonly gateway: string;
  readonly devices: readonly Device[];
  /**
   * Devices that are switched off: it says so of those of its own that are shown, and that there are others.
   */
  readonly off: { readonly shown: readonly string[]; readonly others: number };
  /** Every zone of the site, with its armed hours in the site’s time zone. */
  readonly zones: readonly { readonly id: string; readonly armed: ArmedHours }[];
  readonly timeZone: string;
  /** Where devices call it. */
  readonly hooks: SiteFile['gateways'][number]['hooks'];
  readonly passes: SiteFile['passes'] & PassTimes;
  /** What counts as movement for its cameras. */
  readonly motion: SiteFile['policy']['motion'];
  /** How often it proves that what it says comes through; missing where the site wants no proof. */
  readonly canary?: { readonly everyMs: number };
}

/** The part of a site that is a gateway’s: its devices as it is told of them, and whose passes it takes. */
export function gatewayPart(site: SiteFile, gateway: string, off: readonly OffDevice[] = []): GatewayPart {
  const { proof, every } = site.policy.canary;
  return {
    site: site.id,
    gateway,
    devices: site.devices
      .filter((device) => device.gateway === gateway)
      .map((device) => asToldToGateway(device, site)),
    off: {
      shown: off.flatMap(({ described }) => (described?.gateway === gateway ? [described.id] : [])),
      // Whose they are is not known: every gateway says so.
      others: off.filter(({ described }) => !described).length,
    },
    zones: site.zones.map(({ id, armed }) => ({
      id,
      armed: armed.flatMap((name) => site.schedules[name] ?? []),
    })),
    timeZone: site.timeZone,
    hooks: site.gateways.find(({ id }) => id === gateway)?.hooks,
    passes: { ...site.passes, ...passTimesOf(site.policy.passes) },
    motion: site.policy.motion,
    ...(proof === 'required' ? { canary: { everyMs: every } } : {}),
  };
}

const passTimesOf = (passes: PassesSection): PassTimes => ({
  clockSkewMs: passes.clockTolerance,
  countsForFaceMs: passes.countsForFace,
  revokedListGoodMs: passes.revokedListGood,
});

function asToldToGateway(
  { gateway: _gateway, name: _name, mount: _mount, reports: _reports, ...device }: PlacedDevice,
  file: SiteFile,
): Device {
  if (device.kind !== 'camera') return device;
  const { lines, ...camera } = device;
  const zones = new Map(file.lines.map(({ id, zone }) => [id, zone]));
  const told = {
    ...camera,
    // What a gateway of an older version does not know is said only where it is meant.
    ...(lines
      ? { lines: lines.map((line) => ({ ...line, zone: zones.get(line.line) ?? device.zone })) }
      : {}),
  };
  const record = file.privacy.find(({ cameras }) => cameras.includes(device.id));
  const faces = looksForFaces(file, device);
  if (!record || !faces) return { ...told, faces };
  const { reviewBy: _reviewBy, ...assessment } = record.assessment;
  const { checkBy: _checkBy, ...noticeSign } = record.noticeSign;
  return { ...told, faces, assessment: { ...assessment, noticeSign, notPrivate: true } };
}
