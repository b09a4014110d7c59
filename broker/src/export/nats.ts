import { allowedFilters } from '@watchpost/contracts/wire';
import type { ExportedUser } from './mosquitto.ts';

/** How NATS writes an MQTT filter: levels with dots, `*` and `>` for the wildcards. */
export function natsSubject(filter: string): string {
  const levels = filter.split('/').map((level) => (level === '+' ? '*' : level === '#' ? '>' : level));
  return levels.join('.');
}

/** What the server itself delivers to a subscription of QoS 1. */
const deliverySubject = '$MQTT.sub.>';

/** The environment variable from which a NATS server takes the password of a user, plain or as bcrypt. */
export const natsPasswordVariable = (username: string): string =>
  `WATCHPOST_NATS_${username.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}`;

/**
 * The topic rules as the `users` of a NATS server’s `authorization`. Passwords are not in here: the server
 * reads them from its environment ({@link natsPasswordVariable}). Everything that is not named is denied.
 */
export function natsUsers(users: readonly ExportedUser[]): string {
  const list = (subjects: readonly string[]) =>
    `[${subjects.map((subject) => JSON.stringify(subject)).join(', ')}]`;
  // an empty list would allow everything
  const only = (subjects: readonly string[]) =>
    subjects.length > 0 ? `{ allow: ${list(subjects)} }` : '{ deny: [">"] }';
  const entries = users.map(({ username, principal }) => {
    const publish = allowedFilters(principal, 'publish').map(natsSubject);
    const subscribe = [...allowedFilters(principal, 'subscribe').map(natsSubject), deliverySubject];
    return [
      '  {',
      `    user: ${JSON.stringify(username)}, password: $${natsPasswordVariable(username)}`,
      `    permissions: { publish: ${only(publish)}, subscribe: ${only(subscribe)} }`,
      '  }',
    ].join('\n');
  });
  return `# Generated from Watchpost’s topic table\nusers = [\n${entries.join('\n')}\n]\n`;
}
