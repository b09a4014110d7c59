import type { ChainPoint } from '@watchpost/alerting/governance';
import { WatchpostError } from '@watchpost/contracts/errors';

/** A head of the audit log as `audit verify` prints it. @throws WatchpostError `config.invalid` */
export function chainPointOf(text: string): ChainPoint {
  const found = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text);
  if (!found)
    throw new WatchpostError('config.invalid', { path: '/--head', details: { expected: 'POSITION:HASH' } });
  return { position: Number(found[1]), hash: String(found[2]) };
}
