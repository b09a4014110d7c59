import type { GatewayStatus } from '@watchpost/contracts/api';
import type { LocalizedText, Site, SiteDevice } from '@watchpost/contracts/site';
import type { DeviceHealth } from '@watchpost/contracts/wire';

/** `unknown`: nothing was heard, or its gateway is offline so that the last word counts no longer. */
export type DeviceStatus = DeviceHealth['status'] | 'unknown';

export interface DeviceState {
  readonly id: string;
  readonly name: LocalizedText | undefined;
  readonly kind: SiteDevice['kind'] | undefined;
  readonly zone: string | undefined;
  readonly status: DeviceStatus;
  readonly error: string | undefined;
  readonly readings: number;
  readonly unreadable: number;
  /** Reports that the gateway did not pass on because there were too many. */
  readonly heldBack: number;
  /** Traffic of a camera that matches faces, and what to expect of it. */
  readonly faces: DeviceHealth['faces'];
  /** What a device that reads codes read and could make nothing of. */
  readonly unknownCodes: DeviceHealth['unknownCodes'];
  /** The pin of the certificate for which a camera is refused. */
  readonly shownCertificate: string | undefined;
}

export interface GatewayView {
  readonly id: string;
  readonly status: GatewayStatus['status'];
  readonly since: string | null;
  readonly version: string | null;
  readonly clockOffsetMs: number | null;
  readonly outboxDepth: number | null;
  /** Codes of what is wrong with the gateway as a whole. */
  readonly errors: readonly string[];
  /** Events that came too late to page anybody. */
  readonly lateEvents: number;
  /** Events that the gateway could not keep. */
  readonly eventsRefused: number;
  /** Which site part is in force there, of gateways that are told theirs. */
  readonly sitePart: GatewayStatus['sitePart'];
  /** Whether what it says comes through the whole chain. */
  readonly proof: GatewayStatus['proof'];
  readonly devices: readonly DeviceState[];
}

const worstFirst: readonly DeviceStatus[] = ['lost', 'degraded', 'unknown', 'starting', 'ok'];

function deviceState(
  id: string,
  listed: SiteDevice | undefined,
  health: DeviceHealth | undefined,
  heard: boolean,
) {
  return {
    id,
    name: listed?.name,
    kind: listed?.kind,
    zone: listed?.zone,
    status: heard && health ? health.status : ('unknown' as const),
    error: heard ? health?.error : undefined,
    readings: health?.readings ?? 0,
    unreadable: health?.unreadable ?? 0,
    heldBack: heard ? (health?.heldBack ?? 0) : 0,
    faces: heard ? health?.faces : undefined,
    unknownCodes: heard ? health?.unknownCodes : undefined,
    shownCertificate: heard ? health?.shownCertificate : undefined,
  };
}

/** Joins what the site says is there with what its gateways say of it; what is wrong comes first. */
export function gatewayViews(site: Site | null, statuses: readonly GatewayStatus[]): GatewayView[] {
  const own = statuses.filter((status) => site === null || status.site === site.id);
  const byId = new Map<string, GatewayStatus>(own.map((status) => [status.gateway, status]));
  const ids = new Set<string>([...(site?.gateways ?? []), ...byId.keys()]);
  return Array.from(ids, (id) => {
    const status = byId.get(id);
    const listed = new Map<string, SiteDevice>(
      (site?.devices ?? []).filter((device) => device.gateway === id).map((device) => [device.id, device]),
    );
    const health = new Map<string, DeviceHealth>(
      (status?.devices ?? []).map((entry) => [entry.device, entry]),
    );
    const heard = status?.status === 'online';
    const devices = Array.from(new Set([...listed.keys(), ...health.keys()]), (device) =>
      deviceState(device, listed.get(device), health.get(device), heard),
    );
    devices.sort((left, right) => worstFirst.indexOf(left.status) - worstFirst.indexOf(right.status));
    return {
      id,
      status: status?.status ?? 'unknown',
      since: status?.since ?? null,
      version: status?.version ?? null,
      clockOffsetMs: status?.clockOffsetMs ?? null,
      outboxDepth: status?.outboxDepth ?? null,
      errors: status?.errors ?? (status?.error === undefined ? [] : [status.error]),
      lateEvents: status?.lateEvents ?? 0,
      eventsRefused: status?.eventsRefused ?? 0,
      sitePart: status?.sitePart,
      proof: status?.proof,
      devices,
    };
  });
}

/** Puts the newest word of one gateway into the list. */
export function mergeGateway(
  statuses: readonly GatewayStatus[],
  status: GatewayStatus,
): readonly GatewayStatus[] {
  return [
    ...statuses.filter((known) => known.gateway !== status.gateway || known.site !== status.site),
    status,
  ];
}
