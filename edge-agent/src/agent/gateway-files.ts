import { join } from 'node:path';
import type { Logger } from 'pino';
import { ClockFile } from '../clock/clock-file.ts';
import { CommandMemory } from '../commands/command-memory.ts';
import type { EdgeAgentConfig } from '../config.ts';
import { type Outboxes, openOutboxes } from '../outbox/open-outboxes.ts';
import { openRedemptions, openRedemptionsLater, type Redemptions } from '../passes/open-redemptions.ts';
import { PolicyStore } from '../policy/policy-store.ts';
import type { DiskTrouble } from '../storage/disk-trouble.ts';
import type { Refusals } from './refusals.ts';

/** What a gateway keeps in its data folder. */
export interface GatewayFiles {
  readonly clockFile: ClockFile;
  readonly outboxes: Outboxes;
  /** What counts uses of passes; null when uses are not counted. */
  redemptions(countUses: boolean): Redemptions | null;
  readonly policy: PolicyStore;
  readonly commands: CommandMemory;
  close(): void;
}

export interface GatewayFilesOptions {
  readonly log: Logger;
  /** Why the data folder could not be made. */
  readonly folderTrouble: DiskTrouble | null;
  readonly refusals: Refusals;
}

/**
 * Opens the files of a gateway. Damaged ones are set aside, and on a disk that takes nothing it goes on
 * without.
 * @throws WatchpostError `config.data_folder` when another process holds one; nothing is left open then
 */
export function openGatewayFiles(
  config: EdgeAgentConfig,
  { log, folderTrouble, refusals }: GatewayFilesOptions,
): GatewayFiles {
  const pathOf = (file: string) => join(config.dataFolder, file);
  const clockFile = new ClockFile(pathOf('clock.json'), refusals.unwritable('clock.json'));
  const outboxes = openOutboxes(config, {
    clock: clockFile.clock,
    log,
    folderTrouble,
    onCorrupt: (file) => refusals.setAside('edge.outbox_corrupt', file, 'outbox set aside'),
  });
  const corruptLedger = (file: string) =>
    refusals.setAside('edge.ledger_unusable', file, 'counts of pass uses set aside');
  let redemptions = config.passes.countUses
    ? openRedemptions(config.dataFolder, outboxes, corruptLedger)
    : null;
  const policy = new PolicyStore({
    path: pathOf('policy.json'),
    site: config.site,
    gateway: config.gateway,
    keys: config.policy.keys,
    onUnwritable: refusals.unwritable('policy.json'),
  });
  return {
    clockFile,
    outboxes,
    redemptions: (countUses) => {
      if (!countUses) return null;
      redemptions ??= openRedemptionsLater(config.dataFolder, corruptLedger);
      return redemptions;
    },
    policy,
    commands: new CommandMemory(pathOf('commands.json'), refusals.unwritable('commands.json')),
    close: () => {
      clockFile.keep();
      outboxes.close();
      redemptions?.close();
    },
  };
}
