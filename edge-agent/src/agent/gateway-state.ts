import type { ErrorCode } from '@watchpost/contracts/errors';
import type { CertificateHealth, GatewayState } from '@watchpost/contracts/wire';
import type { GatewayClock } from '../clock/gateway-clock.ts';
import type { Outboxes } from '../outbox/open-outboxes.ts';
import type { ServerWord } from '../told/server-word.ts';
import { agentVersion } from '../version.ts';
import type { DeviceSet } from './device-set.ts';
import type { GatewayTroubles } from './gateway-troubles.ts';

/** What the state of a gateway is read from. */
export interface StateSources {
  readonly clock: Pick<GatewayClock, 'offsetMs' | 'source'>;
  readonly outboxes: Pick<Outboxes, 'outbox' | 'overflow'>;
  readonly devices: Pick<DeviceSet, 'health' | 'hasOthersOff'>;
  /** Absent without a certificate. */
  readonly certificate: { readonly health: CertificateHealth | undefined } | undefined;
  readonly troubles: Pick<GatewayTroubles, 'now'>;
  /** Absent where the gateway is told by its configuration alone. */
  readonly word?: Pick<ServerWord, 'errors' | 'sitePart' | 'isLocal'> | undefined;
}

/** What the gateway says of itself now. */
export function gatewayState(sources: StateSources, status: GatewayState['status']): GatewayState {
  const { clock, devices, certificate, troubles, word } = sources;
  const { outbox, overflow } = sources.outboxes;
  const off: readonly ErrorCode[] = devices.hasOthersOff ? ['edge.device_off'] : [];
  const errors = [...troubles.now, ...(word?.errors ?? []), ...off];
  const sitePart = word?.sitePart;
  // A server of the last version refuses to hear of it; one that announces site parts knows it.
  const isUnderstood = word === undefined || word.isLocal || sitePart !== undefined;
  return {
    status,
    time: new Date().toISOString(),
    version: agentVersion,
    // The state counts from the other side: gateway minus server.
    clockOffsetMs: clock.offsetMs === null ? null : 0 - clock.offsetMs,
    clockSource: clock.source,
    epoch: outbox.epoch as GatewayState['epoch'],
    outboxDepth: outbox.depth + (overflow?.depth ?? 0),
    devices: isUnderstood
      ? devices.health
      : devices.health.map(({ shownCertificate: _, ...health }) => health),
    ...(certificate?.health ? { certificate: certificate.health } : {}),
    ...(errors.length > 0 ? { errors } : {}),
    ...(sitePart ? { sitePart } : {}),
    eventsRefused: outbox.refused + (overflow?.refused ?? 0),
  };
}
