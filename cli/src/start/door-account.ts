import { createHmac } from 'node:crypto';
import { type BrokerLink, identity } from './broker-link.ts';
import type { Secrets } from './secrets.ts';

/** The door’s user name at our broker: one account for each site, because rules are per site. */
const doorUser = (site: string): string => `gateway-door-${site}`;

/** The door’s password at our broker, made from one that is kept, so that no file of secrets changes. */
const doorPassword = ({ mqtt }: Pick<Secrets, 'mqtt'>): string =>
  createHmac('sha256', mqtt.alerting).update('gateway-door').digest('base64url');

/** How the door reaches our broker, or another one as every part does. */
export const doorLinks =
  (secrets: Pick<Secrets, 'mqtt'>, mqttPort: number, other: BrokerLink | undefined) =>
  (site: string): BrokerLink =>
    other ?? {
      url: `mqtt://127.0.0.1:${mqttPort}`,
      username: doorUser(site),
      password: doorPassword(secrets),
    };

/** The door’s account at our broker: it announces documents to a site’s gateways, asks
 * them for pictures, and does nothing else. */
export const doorAccount = (site: string, secrets: Pick<Secrets, 'mqtt'>) =>
  identity(doorUser(site), doorPassword(secrets), {
    ...{ kind: 'alerting', name: 'gateway-door', site },
    scope: { publish: ['site', 'permit', 'cmd'].map((topic) => `wp/1/${site}/+/${topic}`), subscribe: [] },
  });
