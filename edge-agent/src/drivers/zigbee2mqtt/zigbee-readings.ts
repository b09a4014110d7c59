import type { Zigbee2mqttConnect } from '@watchpost/contracts/site';
import { systemClock } from '@watchpost/hardware';
import type { DriverTarget } from '../driver-target.ts';
import { messageValue } from '../mapping/json-value.ts';
import { kindValues } from '../mapping/kind-values.ts';
import { zigbeePolicy } from '../policy.ts';
import type { ReadingDriver, ReadingEvents } from '../reading-driver.ts';
import { restartable } from '../restartable.ts';
import { type ZigbeeMessage, zigbeeAvailability, zigbeeMessage } from './zigbee-message.ts';

/** A Zigbee device behind Zigbee2MQTT: its state, its availability, and that of the bridge. */
export function zigbeeReadings(connect: Zigbee2mqttConnect, target: DriverTarget): ReadingDriver {
  return {
    silentAfterMs: zigbeePolicy.silentAfterMs,
    ...restartable((events) => listen(connect, target, events)),
  };
}

function listen(
  connect: Zigbee2mqttConnect,
  target: DriverTarget,
  events: ReadingEvents,
): () => Promise<void> {
  const state = `${connect.base}/${connect.name}`;
  const availability = `${state}/availability`;
  const bridge = `${connect.base}/bridge/state`;
  const reach = new Reach(events);
  const concerns = { isTampered: false, isBatteryLow: false };
  const take = (message: ZigbeeMessage | null, kept: boolean) => {
    const { device, kind } = target;
    const timeMs = systemClock.now();
    if (!message || message.value === null) {
      events.unreadable('edge.reading_unreadable');
      return;
    }
    const {
      value,
      battery,
      isTampered = concerns.isTampered,
      isBatteryLow = concerns.isBatteryLow,
    } = message;
    Object.assign(concerns, { isTampered, isBatteryLow });
    events.concern(isTampered ? 'edge.device_tampered' : isBatteryLow ? 'edge.battery_low' : null);
    if (battery !== undefined && !kept) events.battery(battery, timeMs);
    if (value !== undefined)
      events.read({ ...kindValues[kind].reading(value), device, timeMs, ...(kept ? { kept } : {}) });
    else if (!kept) events.alive();
  };
  return target.shared.brokers.listen(connect, [state, availability, bridge], {
    up: () => reach.broker(true),
    lost: (error) => {
      reach.broker(false);
      events.lost(error);
    },
    message: (topic, payload, retained) => {
      const message = messageValue(payload);
      if (topic === state) take(zigbeeMessage(target.kind, message, zigbeePolicy.lowPercent), retained);
      else reach.said(topic === bridge ? 'bridge' : 'device', zigbeeAvailability(message));
    },
  });
}

/** Whether the device can be heard: by the broker, by what the bridge says of itself, and of the device. */
class Reach {
  readonly #events: Pick<ReadingEvents, 'up' | 'lost'>;
  readonly #isAway = { bridge: false, device: false };
  #hasBroker = false;

  constructor(events: Pick<ReadingEvents, 'up' | 'lost'>) {
    this.#events = events;
  }

  broker(isThere: boolean): void {
    this.#hasBroker = isThere;
    if (isThere) this.#tell();
    // The broker says again what it keeps when it is back.
    else Object.assign(this.#isAway, { bridge: false, device: false });
  }

  said(who: 'bridge' | 'device', state: 'online' | 'offline' | null): void {
    if (state === null || this.#isAway[who] === (state === 'offline')) return;
    this.#isAway[who] = state === 'offline';
    this.#tell();
  }

  #tell(): void {
    if (!this.#hasBroker) return;
    if (this.#isAway.bridge) this.#events.lost('edge.zigbee_bridge');
    else if (this.#isAway.device) this.#events.lost('edge.source_lost');
    else this.#events.up();
  }
}
