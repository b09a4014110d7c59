import { join, resolve } from 'node:path';
import type { AlertingOptions } from '@watchpost/alerting';
import { enrolmentFolder } from '@watchpost/contracts/enrolment';
import { describePrivacy, describeSite, siteGates } from '@watchpost/contracts/site';
import type { WebFolder } from '@watchpost/identity/web';
import { adminSocketOf } from '@watchpost/service';
import { demoSetUpPolicy } from '../policy.ts';
import type { ServerFolder } from '../server/open-server-folder.ts';
import { siteFilesSocket } from '../site-editing/serve-site-files.ts';
import type { BrokerLink, OfficerKey } from './broker-link.ts';
import { demoPeople } from './demo-people.ts';
import { entryOf } from './entry-of.ts';
import { readFirstLink } from './first-link.ts';
import { isInstalled } from './installed-parts.ts';
import type { ServiceName } from './node-options.ts';
import { passKeyFolder, passSocket, plateKeyFolder } from './pass-keys.ts';
import { stillSocket } from './run-files.ts';
import type { Secrets } from './secrets.ts';
import type { Settings } from './settings.ts';

/** What a server listens on, and where Node-RED’s process listens behind its door. */
export interface ServerPorts {
  readonly console: number;
  readonly flows: number;
  readonly nodeRed: number;
  /** Of our own broker. */
  readonly mqtt: number;
  /** Of our own broker, for gateways with certificates. */
  readonly gateways: number | undefined;
  /** Of the gateway door. */
  readonly door: number | undefined;
}

/** What alerting of a server is made from. */
export interface AlertingRunParts {
  readonly settings: Settings;
  readonly folder: ServerFolder;
  readonly dataFolder: string;
  readonly isDemo: boolean;
  readonly ports: ServerPorts;
  readonly consoleFolder: string;
  readonly template: string | undefined;
  readonly secrets: Secrets;
  readonly web: WebFolder;
  /** As whom alerting connects for a site. */
  readonly linkOf: (site: string) => BrokerLink;
  readonly officerKey: OfficerKey | undefined;
  readonly endedSessionsFile: string;
  /** Names under which the gateways of the server run. */
  readonly gateways: readonly ServiceName[];
}

/** Alerting’s configuration: plain data, for its run file. */
export function alertingRunConfig(parts: AlertingRunParts): object {
  const { settings, folder, dataFolder, isDemo, ports, consoleFolder, template, linkOf, officerKey } = parts;
  const { databaseUrl, brokerUrl, service } = settings;
  const { sites, away, server, path } = folder;
  const hasFlows = isInstalled('flows') && service === undefined;
  return {
    ...(service === undefined ? {} : { name: service }),
    sites: [...sites.values()].map(({ site, off, ruleSet }) => ({
      site: describeSite(site, off),
      policy: site.policy,
      ...(ruleSet ? { ruleSet } : {}),
      instructions: site.instructions,
      privacy: describePrivacy(site),
      gates: siteGates(site),
      plateDomain: site.passes.plateDomain,
      broker: linkOf(site.id),
    })),
    sitesAway: away,
    serverPolicy: server.policy,
    ...oidcOf(folder),
    channels: channelsOf(folder),
    store:
      databaseUrl === undefined
        ? { kind: 'embedded', folder: join(dataFolder, 'store'), ...(template ? { template } : {}) }
        : { kind: 'server', url: databaseUrl },
    broker: { url: linkOf('').url },
    ...(officerKey ? { officerTokens: { key: officerKey, endedSessionsFile: parts.endedSessionsFile } } : {}),
    http: httpOf(settings, path, ports.console, parts.web),
    consoleFolder,
    ...(service === undefined ? ownFiles(dataFolder) : {}),
    ...(ports.door === undefined ? {} : { stills: stillSocket(dataFolder) }),
    enrolment: {
      ...(isInstalled('enrolment') && service === undefined
        ? { entry: entryOf('@watchpost/enrolment') }
        : {}),
      folder: join(dataFolder, enrolmentFolder),
      socket: join(dataFolder, 'photos.sock'),
      ...(isDemo ? { idleMs: demoSetUpPolicy.enrolmentIdleMs } : {}),
    },
    services: [
      ...parts.gateways,
      ...(ports.door === undefined ? [] : ['door']),
      ...(hasFlows ? ['flows'] : []),
      ...(brokerUrl === undefined ? ['broker'] : []),
    ],
    ...(hasFlows ? { flows: flowsOf(settings, ports, parts.secrets) } : {}),
    ...(isDemo
      ? {
          accounts: demoPeople(parts.secrets.demoPassword ?? '').map(({ name, role, password }) => ({
            ...{ user: name, role, password },
          })),
        }
      : { adminSocket: adminSocketOf(dataFolder), firstLink: readFirstLink(folder.secrets) }),
  };
}

/** What only the server has whose gateway door and keys are here; a further service does without. */
const ownFiles = (dataFolder: string): object => ({
  dataFolder,
  passKeys: passKeyFolder(dataFolder),
  plateKeys: plateKeyFolder(dataFolder),
  passSocket: passSocket(dataFolder),
  siteFiles: siteFilesSocket(dataFolder),
});

function httpOf(settings: Settings, folder: string, port: number, web: WebFolder): object {
  const { host, publicUrl, trustedProxies, tls, names } = settings;
  const own = { certFile: web.server, keyFile: web.server, rootFile: web.root };
  const given = typeof tls === 'object' && {
    certFile: resolve(folder, tls.certificate),
    keyFile: join(folder, 'secrets', tls.key.secret),
  };
  return {
    ...{ host, port, publicUrl, trustedProxies, names },
    ...(tls === 'off' ? {} : { tls: given || own }),
  };
}

/** The identity provider, with where its secret is rather than the secret itself. */
function oidcOf({ server, path }: ServerFolder): object {
  if (!server.logIn.oidc) return {};
  const { secret, ...oidc } = server.logIn.oidc;
  return { oidc: { ...oidc, secretFile: join(path, 'secrets', secret) } };
}

/** The mail server and where notices may go, with where secrets are rather than the secrets themselves. */
function channelsOf({ server, path }: ServerFolder): AlertingOptions['channels'] {
  const { allowNetworks } = server.policy.notify;
  const settings = { secretsFolder: join(path, 'secrets'), allowNetworks };
  if (!server.mail) return settings;
  const { authority, ...mail } = server.mail;
  const authorityFile = authority === undefined ? {} : { authorityFile: resolve(path, authority) };
  return { ...settings, mail: { ...mail, ...authorityFile } };
}

function flowsOf({ flowsUrl, publicUrl }: Settings, ports: ServerPorts, secrets: Secrets): object {
  return {
    port: ports.flows,
    upstream: { url: `http://127.0.0.1:${ports.nodeRed}`, secret: secrets.flowsProxy },
    publicUrl: flowsUrl ?? (publicUrl && `${publicUrl.replace(/:\d+$/, '')}:${ports.flows}`),
  };
}
