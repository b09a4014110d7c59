import pino from 'pino';
import { describe } from 'vitest';
import { TestBroker } from '../testing/test-broker.ts';
import { type DriverBench, readingDriverContract } from './reading-driver-contract.ts';
import { sharedConnections } from './shared-connections.ts';

const newConnections = () =>
  sharedConnections({
    config: { site: 's1', gateway: 'g1', secretsFolder: '/nowhere', secretFiles: {} },
    log: pino({ level: 'silent' }),
  });

/** A device at a real broker. `say` and `garbage` publish what it says. */
async function atBroker(
  connectAt: (url: string) => object,
  topic: string,
  messages: { readonly state: (open: boolean) => unknown; readonly garbage: unknown },
): Promise<DriverBench> {
  const broker = new TestBroker();
  await broker.start();
  let away = false;
  return {
    connect: connectAt(broker.url),
    shared: newConnections(),
    say: (open) => broker.publish(topic, messages.state(open)),
    garbage: () => broker.publish(topic, messages.garbage),
    cut: {
      vanish: async () => {
        away = true;
        await broker.stop();
      },
      comeBack: async () => {
        away = false;
        await broker.start();
      },
    },
    close: async () => {
      if (!away) await broker.stop();
    },
  };
}

describe('a device that publishes JSON', () => {
  const topic = 'doors/north gate/state';
  readingDriverContract(
    () =>
      atBroker(
        (url) => ({ driver: 'mqtt-json', url, topic, value: { pointer: '/contact', invert: true } }),
        topic,
        { state: (open) => ({ contact: !open, battery: 99 }), garbage: '{"contact":' },
      ),
    { canBeCut: true, canSayNonsense: true },
  );
});

describe('a device behind Zigbee2MQTT', () => {
  readingDriverContract(
    () =>
      atBroker(
        (url) => ({ driver: 'zigbee2mqtt', url, name: 'gate/north door' }),
        'zigbee2mqtt/gate/north door',
        {
          state: (open) => ({ battery: 100, contact: !open, linkquality: 120 }),
          garbage: { contact: 'maybe' },
        },
      ),
    { canBeCut: true, canSayNonsense: true },
  );
});
