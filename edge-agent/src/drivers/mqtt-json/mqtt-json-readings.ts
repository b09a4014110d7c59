import type { MqttJsonConnect } from '@watchpost/contracts/site';
import { systemClock } from '@watchpost/hardware';
import type { DriverTarget } from '../driver-target.ts';
import { messageValue } from '../mapping/json-value.ts';
import { MappedReadings } from '../mapping/mapped-readings.ts';
import type { ReadingDriver } from '../reading-driver.ts';
import { restartable } from '../restartable.ts';

/** A device whose messages at a broker of the device network carry its value, where its mapping says. */
export function mqttJsonReadings(connect: MqttJsonConnect, target: DriverTarget): ReadingDriver {
  return restartable((events) => {
    const readings = new MappedReadings(target, connect.value, systemClock, events);
    const leave = target.shared.brokers.listen(connect, [connect.topic], {
      up: () => events.up(),
      lost: (error) => events.lost(error),
      message: (_topic, payload, retained) =>
        readings.take(messageValue(payload), systemClock.now(), retained),
    });
    return () => {
      readings.stop();
      return leave();
    };
  });
}
