import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { authorityFolder } from '@watchpost/identity/authority-files';
import type { SecretFolder } from '@watchpost/service/server-folder';
import { z } from 'zod';
import type { LocalGateway } from '../server/local-gateways.ts';
import { gatewayUser, type OfficerKey, publicOfficerKey } from './broker-link.ts';
import type { Secrets } from './secrets.ts';

/** What the broker of a server is made from. */
export interface ServerBrokerParts {
  /** The site whose gateways connect with certificates. */
  readonly site: string;
  readonly gateways: readonly LocalGateway[];
  /** Port of loopback, for processes of this computer. */
  readonly port: number;
  /** Where gateways connect. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Folder of the authority that certifies them; without one nobody listens there. */
  readonly authority: string | undefined;
  readonly dataFolder: string;
  readonly secrets: Secrets;
  readonly secretFolder: SecretFolder;
  readonly officerKey: OfficerKey;
}

/** A key that signs tokens, without its secret part. */
const publicPart = z.object({
  kty: z.string(),
  crv: z.string(),
  x: z.string(),
  kid: z.string(),
  kinds: z.array(z.string()).optional(),
});

/**
 * The broker of a server: for its own processes on loopback, each with a password of its own; for gateways
 * over TLS, with the certificates of their authority. Nobody is anonymous.
 */
export function serverBrokerConfig(parts: ServerBrokerParts) {
  const { site, gateways, port, secrets, secretFolder, officerKey } = parts;
  const identity = (username: string, secret: string, principal: object) => ({
    username,
    secretSha256: createHash('sha256').update(secret).digest('hex'),
    principal,
  });
  const tokenKeys = secretFolder.has('token-key')
    ? [publicPart.parse(JSON.parse(secretFolder.read('token-key')))]
    : [];
  return {
    host: '127.0.0.1',
    port,
    ownersFile: join(parts.dataFolder, 'client-ids.json'),
    ...(parts.authority === undefined ? {} : forGateways(parts, parts.authority)),
    tokens: { site, keys: [publicOfficerKey(officerKey), ...tokenKeys] },
    identities: [
      ...gateways.map((own) =>
        identity(gatewayUser(own), secrets.mqtt.gateway, {
          kind: 'gateway',
          name: own.gateway,
          site: own.site,
          gateway: own.gateway,
        }),
      ),
      identity('alerting', secrets.mqtt.alerting, { kind: 'alerting', name: 'alerting', site }),
      identity('flows', secrets.mqtt.flows, { kind: 'integrator', name: 'flows', site }),
    ],
  };
}

function forGateways({ site, listen }: ServerBrokerParts, folder: string): object {
  const { serverCertificate, serverKey, certificate, revocations } = authorityFolder(folder);
  const tls = {
    certFile: serverCertificate,
    keyFile: serverKey,
    clientCaFile: certificate,
    clientCertificate: 'required',
  };
  return {
    listeners: [{ type: 'tls', ...listen, tls }],
    certificates: { site },
    revocationFile: revocations,
  };
}
