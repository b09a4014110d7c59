import type { ServerPorts } from './alerting-config.ts';
import { freePort } from './free-port.ts';
import type { Settings } from './settings.ts';

/**
 * The ports of a server; 0 in its settings becomes any free one. The one at which gateways of other computers
 * reach the broker is there where a site has an authority, whose certificates they bring, and the broker is
 * ours; the gateway door in the demo too, and with another broker, for the gateways that the server runs.
 * @throws WatchpostError `config.port_taken`
 */
export async function choosePorts(
  settings: Settings,
  { isDemo, hasAuthority }: { readonly isDemo: boolean; readonly hasAuthority: boolean },
): Promise<ServerPorts> {
  const { host } = settings;
  const isOwnBroker = settings.brokerUrl === undefined;
  const certifies = isOwnBroker && !isDemo && hasAuthority;
  const isOfOwn = settings.service === undefined && (isDemo || hasAuthority);
  // Where somebody has to change it: the environment counts before the file, and the demo’s file is nobody’s.
  const named = (variable: string, inFile: string): string =>
    isDemo || process.env[variable] ? variable : inFile;
  return {
    console: await freePort(settings.httpPort, named('WATCHPOST_HTTP_PORT', 'listen/console/port'), host),
    flows: await freePort(settings.flowsPort, named('WATCHPOST_FLOWS_PORT', 'listen/flows/port'), host),
    nodeRed: await freePort(0, 'flows'),
    mqtt: isOwnBroker
      ? await freePort(settings.mqttPort, named('WATCHPOST_MQTT_PORT', 'listen/mqtt/port'))
      : 0,
    gateways: certifies
      ? await freePort(settings.gateways.port, 'listen/gateways/port', settings.gateways.host)
      : undefined,
    door: await doorPort(settings, { certifies, isOfOwn }),
  };
}

/** Where nobody but the gateways that the server runs comes to the door, any port will do. */
async function doorPort(
  { door }: Settings,
  { certifies, isOfOwn }: { readonly certifies: boolean; readonly isOfOwn: boolean },
): Promise<number | undefined> {
  if (certifies) return freePort(door.port, 'listen/door/port', door.host);
  return isOfOwn ? freePort(0, 'listen/door/port') : undefined;
}
