import { join } from 'node:path';
import type { BrokerSection } from '@watchpost/contracts/site/policy-broker';
import { authorityFolder } from '@watchpost/identity/authority-files';
import type { SecretFolder } from '@watchpost/service/server-folder';
import { z } from 'zod';
import type { LocalGateway } from '../server/local-gateways.ts';
import { gatewayUser, identity, type OfficerKey, publicOfficerKey, serviceAccounts } from './broker-link.ts';
import { doorAccount } from './door-account.ts';
import type { Secrets } from './secrets.ts';

/** What the broker of a server is made from. */
export interface ServerBrokerParts {
  /** The sites that run here. */
  readonly sites: readonly string[];
  readonly gateways: readonly LocalGateway[];
  /** Port of loopback, for processes of this computer. */
  readonly port: number;
  /** Where gateways connect. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Folder of each site’s authority, which certifies its gateways; without any nobody listens there. */
  readonly authorities: readonly { readonly site: string; readonly folder: string }[];
  readonly dataFolder: string;
  readonly secrets: Secrets;
  readonly secretFolder: SecretFolder;
  readonly officerKey: OfficerKey;
  /** `policy.broker` of the server file. */
  readonly policy: BrokerSection;
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
  const { sites, gateways, port, secrets, secretFolder, officerKey } = parts;
  const tokenKeys = secretFolder.has('token-key')
    ? [publicPart.parse(JSON.parse(secretFolder.read('token-key')))]
    : [];
  return {
    host: '127.0.0.1',
    port,
    limits: limitsOf(parts.policy),
    ownersFile: join(parts.dataFolder, 'client-ids.json'),
    ...forGateways(parts),
    tokens: { site: sites, keys: [publicOfficerKey(officerKey), ...tokenKeys] },
    identities: [
      ...gateways.map((own) =>
        identity(gatewayUser(own), secrets.mqtt.gateway, {
          kind: 'gateway',
          name: own.gateway,
          site: own.site,
          gateway: own.gateway,
        }),
      ),
      ...serviceAccounts(sites, secrets),
      ...parts.authorities.map(({ site }) => doorAccount(site, secrets)),
    ],
  };
}

/** The port shows the certificate of the first authority, and believes the gateways of each. */
function forGateways({ authorities, listen }: ServerBrokerParts): object {
  const [first] = authorities;
  if (!first) return {};
  const { serverCertificate, serverKey } = authorityFolder(first.folder);
  const files = authorities.map(({ site, folder }) => ({ site, ...authorityFolder(folder) }));
  const tls = {
    certFile: serverCertificate,
    keyFile: serverKey,
    clientAuthorities: files.map(({ site, certificate }) => ({ site, caFile: certificate })),
    clientCertificate: 'required',
  };
  return {
    listeners: [{ type: 'tls', ...listen, tls }],
    certificates: { site: files.map(({ site }) => site) },
    revocationFiles: files.map(({ site, revocations }) => ({ site, file: revocations })),
  };
}

/** The numbers of the server file as the broker’s configuration names them. */
function limitsOf(policy: BrokerSection): object {
  const { connectTimeout, outboundStall, sessionGrace, sessionExpiry, offlineKept, ...counted } = policy;
  return {
    ...counted,
    connectTimeoutMs: connectTimeout,
    outboundStallMs: outboundStall,
    sessionGraceMs: sessionGrace,
    sessionExpiryMs: sessionExpiry,
    offlineAgeMs: offlineKept,
  };
}
