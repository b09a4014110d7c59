import { WatchpostError } from '@watchpost/contracts/errors';
import type { Logger } from 'pino';
import type { CommandHandler } from '../commands/command-handler.ts';
import type { UplinkOptions } from '../link/uplink.ts';
import type { AccessConditions } from '../policy/access-conditions.ts';
import type { PolicyStore } from '../policy/policy-store.ts';
import type { Refusals } from './refusals.ts';

/** Who deals with what the server says. */
export interface ServerMessageParts {
  readonly commands: CommandHandler;
  readonly policy: PolicyStore;
  readonly conditions: Pick<AccessConditions, 'applyPolicy'>;
  readonly refusals: Refusals;
  readonly log: Logger;
  reply(payload: string): void;
}

/**
 * Takes what the server says to this gateway: commands are answered, a new policy comes into force, what is
 * refused is counted.
 */
export function serverMessages(
  parts: ServerMessageParts,
): Pick<UplinkOptions, 'onCommand' | 'onPolicy' | 'onRefused'> {
  const { commands, policy, conditions, refusals, log } = parts;
  return {
    onCommand: (payload, retained) =>
      void refusals.guarded('command refused', async () => {
        const reply = await commands.receive(payload, retained);
        if (reply.error === 'edge.command_retained')
          refusals.refuse(new WatchpostError(reply.error), 'command refused');
        parts.reply(JSON.stringify(reply));
      }),
    onPolicy: (payload) =>
      void refusals.guarded('policy refused', () => {
        if (!policy.receive(payload)) return;
        conditions.applyPolicy();
        log.info({ version: policy.current?.version }, 'policy in force');
      }),
    onRefused: (error) => refusals.refuse(error, 'receipt refused'),
  };
}
