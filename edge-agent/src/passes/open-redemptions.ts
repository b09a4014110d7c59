import { join } from 'node:path';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { Outboxes } from '../outbox/open-outboxes.ts';
import { diskTrouble } from '../storage/disk-trouble.ts';
import { RedemptionFile } from './redemption-file.ts';

/** What counts uses of passes. */
export type Redemptions = Pick<
  RedemptionFile,
  'redeem' | 'counted' | 'redeemAlone' | 'toTell' | 'tellLast' | 'told' | 'close'
>;

/**
 * Opens what counts uses of passes; on a disk that takes nothing it counts none, and so no pass is accepted.
 * `outboxes` are closed when it cannot be opened for another reason.
 * @throws WatchpostError `config.data_folder`
 */
export function openRedemptions(
  folder: string,
  outboxes: Pick<Outboxes, 'trouble' | 'close'>,
  onCorrupt: (file: string) => void,
): Redemptions {
  try {
    return openFile(folder, onCorrupt);
  } catch (cause) {
    if (outboxes.trouble() !== null && diskTrouble(cause) !== null) return countingNone(cause);
    outboxes.close();
    throw cause;
  }
}

/** The same while the gateway runs: it goes on, and where uses cannot be counted no pass is accepted. */
export function openRedemptionsLater(folder: string, onCorrupt: (file: string) => void): Redemptions {
  try {
    return openFile(folder, onCorrupt);
  } catch (cause) {
    return countingNone(cause);
  }
}

function openFile(folder: string, onCorrupt: (file: string) => void): Redemptions {
  return new RedemptionFile({ path: join(folder, 'redemptions.sqlite'), onCorrupt });
}

function countingNone(cause: unknown): Redemptions {
  const refuse = () => {
    throw new WatchpostError('edge.ledger_unusable', { cause });
  };
  return {
    ...{ redeem: refuse, counted: refuse, redeemAlone: refuse, tellLast: refuse, told: refuse },
    toTell: () => [],
    close: () => undefined,
  };
}
