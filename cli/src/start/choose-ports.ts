import type { ServerPorts } from './alerting-config.ts';
import { freePort } from './free-port.ts';
import type { Settings } from './settings.ts';

/**
 * The ports of a server; 0 in its settings becomes any free one. Those for gateways are there where a site
 * has an authority, whose certificates they bring.
 * @throws WatchpostError `config.port_taken`
 */
export async function choosePorts(
  settings: Settings,
  { isDemo, hasAuthority }: { readonly isDemo: boolean; readonly hasAuthority: boolean },
): Promise<ServerPorts> {
  const { host } = settings;
  const isOwnBroker = settings.brokerUrl === undefined;
  // With another broker than ours gateways bring their configuration: it knows no certificates of ours.
  const certifies = isOwnBroker && !isDemo && hasAuthority;
  return {
    console: await freePort(settings.httpPort, 'WATCHPOST_HTTP_PORT', host),
    flows: await freePort(settings.flowsPort, 'WATCHPOST_FLOWS_PORT', host),
    nodeRed: await freePort(0, 'flows'),
    mqtt: isOwnBroker ? await freePort(settings.mqttPort, 'WATCHPOST_MQTT_PORT') : 0,
    gateways: certifies
      ? await freePort(settings.gateways.port, 'listen/gateways/port', settings.gateways.host)
      : undefined,
    door: certifies ? await freePort(settings.door.port, 'listen/door/port', settings.door.host) : undefined,
  };
}
