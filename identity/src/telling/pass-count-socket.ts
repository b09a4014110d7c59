import { setTimeout as delay } from 'node:timers/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import { passUseAnswerSchema } from '@watchpost/contracts/wire';
import { askLocally } from '@watchpost/service';
import type { DoorPasses } from '../door/door-passes.ts';
import { doorPolicy } from '../policy.ts';

/** {@link DoorPasses} at the socket file at which the server counts. */
export function passCountAt(path: string): DoorPasses {
  return {
    async count({ site, gateway }, use) {
      const done = new AbortController();
      try {
        const found = await Promise.race([
          askLocally(path, { site, gateway, use }),
          delay(doorPolicy.passUseMs, undefined, { signal: done.signal }),
        ]);
        if (!found) throw new Error('no answer in time');
        return passUseAnswerSchema.parse(found.value);
      } catch (error) {
        if (error instanceof WatchpostError && error.code === 'api.invalid') throw error;
        throw new WatchpostError('identity.pass_count_away', { cause: error });
      } finally {
        done.abort();
      }
    },
  };
}
