import { setTimeout as delay } from 'node:timers/promises';
import { passUseAnswerSchema } from '@watchpost/contracts/wire';
import { askLocally } from '@watchpost/service';
import type { EdgeAgentConfig } from '../config.ts';
import { askPassUse, type DoorAccess } from '../told/door-client.ts';
import type { PassUsesOptions } from './pass-uses.ts';

/**
 * Where a gateway asks whether a pass may be used once more: on the computer of its server at a socket file,
 * elsewhere at the gateway door. Undefined where it has neither, and counts alone.
 */
export function passCounterOf(
  { passUses, site, gateway }: Pick<EdgeAgentConfig, 'passUses' | 'site' | 'gateway'>,
  door: DoorAccess | undefined,
): PassUsesOptions['ask'] | undefined {
  if (passUses)
    return async (use, withinMs) => {
      const done = new AbortController();
      try {
        const found = await Promise.race([
          askLocally(passUses.socket, { site, gateway, use }),
          delay(withinMs, undefined, { signal: done.signal }),
        ]);
        if (!found) throw new Error('no answer in time');
        return passUseAnswerSchema.parse(found.value);
      } finally {
        done.abort();
      }
    };
  return door && ((use, withinMs) => askPassUse(door, use, withinMs));
}
