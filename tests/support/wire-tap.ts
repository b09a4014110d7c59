import { connectAsync, type MqttClient } from 'mqtt';

/** Everything that travels under the site, as bytes. */
export interface WireTap {
  readonly messages: readonly { readonly topic: string; readonly payload: Buffer }[];
  readonly client: MqttClient;
  close(): Promise<void>;
}

/** Listens on the demo’s broker, which lets anybody on this computer in. */
export async function tapWire(url: string): Promise<WireTap> {
  const client = await connectAsync(url, { clientId: `tap-${process.pid}-${Date.now()}` });
  const messages: { topic: string; payload: Buffer }[] = [];
  client.on('message', (topic, payload) => messages.push({ topic, payload }));
  await client.subscribeAsync('wp/1/demo/#', { qos: 1 });
  return { messages, client, close: () => client.endAsync() };
}
