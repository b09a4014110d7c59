import type { WebhookConnect } from '@watchpost/contracts/site';
import { systemClock } from '@watchpost/hardware';
import type { DriverTarget } from '../driver-target.ts';
import { messageValue } from '../mapping/json-value.ts';
import { MappedReadings } from '../mapping/mapped-readings.ts';
import type { ReadingDriver } from '../reading-driver.ts';
import { restartable } from '../restartable.ts';

/** A device that calls the gateway, with its value where its mapping says. */
export function webhookReadings(connect: WebhookConnect, target: DriverTarget): ReadingDriver {
  return restartable((events) => {
    const readings = new MappedReadings(target, connect.value, systemClock, events);
    const leave = target.shared.hooks.listen({
      device: target.device,
      key: connect.key.secret,
      up: () => events.up(),
      lost: (error) => events.lost(error),
      refused: (error) => events.unreadable(error),
      message: (body) => readings.take(messageValue(body), systemClock.now()),
    });
    return () => {
      readings.stop();
      return leave();
    };
  });
}
