import { authorityFolder } from '../authority/authority-files.ts';
import { type GatewayDoor, type GatewayDoorOptions, startGatewayDoor } from '../door/gateway-door.ts';

/** What {@link startClaimService} needs. */
export interface ClaimServiceOptions
  extends Pick<
    GatewayDoorOptions,
    'host' | 'port' | 'metricsPort' | 'lifeDays' | 'perMinute' | 'logger' | 'registry'
  > {
  /** The authority’s folder, with a server certificate. */
  readonly folder: string;
  readonly nowMs?: (() => number) | undefined;
}

/** A running claim service. */
export type ClaimService = GatewayDoor;

/**
 * The gateway door of one site that certifies and tells nothing: `GET /ca`, `POST /claim` with a claim code,
 * `POST /renew` with the certificate that is still good.
 * @throws WatchpostError as `startGatewayDoor`
 */
export function startClaimService(options: ClaimServiceOptions): Promise<ClaimService> {
  const { folder, nowMs = Date.now, ...others } = options;
  const { serverCertificate, serverKey } = authorityFolder(folder);
  return startGatewayDoor({
    ...others,
    nowMs,
    authorities: [folder],
    identity: { certFile: serverCertificate, keyFile: serverKey },
  });
}
