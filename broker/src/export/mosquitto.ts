import { allowedFilters, type Principal } from '@watchpost/contracts/wire';

/** One user of another broker, and who that is to us. */
export interface ExportedUser {
  readonly username: string;
  readonly principal: Principal;
}

/**
 * The topic rules as Mosquitto’s `acl_file`. Everything that is not named is denied. Mosquitto cannot tell
 * retained messages from others, and it acknowledges and drops what is forbidden where our broker closes the
 * connection.
 */
export function mosquittoAcl(users: readonly ExportedUser[]): string {
  const blocks = users.map(({ username, principal }) => [
    `user ${username}`,
    ...allowedFilters(principal, 'publish').map((filter) => `topic write ${filter}`),
    ...allowedFilters(principal, 'subscribe').map((filter) => `topic read ${filter}`),
  ]);
  return `# Generated from Watchpost’s topic table\n\n${blocks.map((block) => block.join('\n')).join('\n\n')}\n`;
}
