import type { ServerPorts } from './alerting-config.ts';
import { type DemoPerson, demoPeople, demoUser } from './demo-people.ts';
import { consoleAddress, doorAddress, gatewaysAddress, type Settings } from './settings.ts';

/** Addresses of a running server. */
export interface Announcement {
  readonly console: string;
  readonly api: string;
  /** For programs on this computer. */
  readonly mqtt: string;
  /** For gateways, with their certificates. */
  readonly gateways?: string | undefined;
  /** The gateway door, where gateways are claimed. */
  readonly door?: string | undefined;
  /** Undefined where Node-RED is not installed. */
  readonly flows?: string | undefined;
  /** A one-time link that makes the first administrator, while there is none. Secret. */
  readonly welcome?: string | undefined;
  /** The log-in of the demo. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Everybody who may log in to the demo, with one role each. */
  readonly users?: readonly DemoPerson[] | undefined;
}

/** What {@link announcementOf} is made from. */
export interface AnnouncedParts {
  readonly settings: Settings;
  readonly ports: ServerPorts;
  /** Address of the broker for programs on this computer. */
  readonly mqtt: string;
  readonly hasFlows: boolean;
  /** The secret of the first administrator’s link, while there is none. */
  readonly firstLink: string | undefined;
  /** Of the demo. */
  readonly password: string | undefined;
}

/** Where a server is reached that listens on these ports. */
export function announcementOf(parts: AnnouncedParts): Announcement {
  const { settings, ports, mqtt, hasFlows, firstLink, password } = parts;
  const page = consoleAddress(settings, ports.console);
  return {
    console: `${page}/`,
    api: `${page}/api/v1`,
    mqtt,
    ...(ports.gateways === undefined ? {} : { gateways: gatewaysAddress(settings, ports.gateways) }),
    ...(ports.door === undefined ? {} : { door: doorAddress(settings, ports.door) }),
    ...(hasFlows ? { flows: `${consoleAddress(settings, ports.flows)}/flows/` } : {}),
    ...(firstLink === undefined ? {} : { welcome: `${page}/welcome#${firstLink}` }),
    ...(password === undefined ? {} : { user: demoUser, password, users: demoPeople(password) }),
  };
}
