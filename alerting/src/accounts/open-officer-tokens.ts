import type { Logger } from 'pino';
import type { AlertingOptions } from '../config.ts';
import { EndedSessions } from './ended-sessions.ts';
import type { OfficerTokenOptions } from './officer-token.ts';

/**
 * What signs tokens of officers, as configured, with the file that tells the broker of sessions that ended.
 */
export async function openOfficerTokens(
  { officerTokens: wanted }: Pick<AlertingOptions, 'officerTokens'>,
  nowMs: () => number,
  logger: Logger,
): Promise<OfficerTokenOptions | undefined> {
  if (wanted?.endedSessionsFile === undefined) return wanted;
  const ended = new EndedSessions(wanted.endedSessionsFile, nowMs, logger);
  await ended.start();
  return { ...wanted, ended };
}
