import type { KeptSessions } from './kept-sessions.ts';
import type { SessionOwners } from './session-owners.ts';

/** The sessions without a connection of a broker that is alone. `end` ends one with its queue. */
export function keptInMemory(
  owners: SessionOwners,
  sessions: { isConnected(clientId: string): boolean; end(clientId: string): void },
): KeptSessions {
  return {
    list: async () =>
      [...owners.kept()].flatMap(({ goneForMs, ...kept }) =>
        goneForMs === undefined ? [] : [{ ...kept, goneForMs }],
      ),
    end: async (clientId) => {
      if (sessions.isConnected(clientId)) return;
      sessions.end(clientId);
      owners.forget(clientId);
    },
  };
}
