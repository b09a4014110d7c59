import { WatchpostError } from '@watchpost/contracts/errors';
import { issuePlate, publicPart, verifyPlate } from '@watchpost/passes';
import { type CommandIo, runCommand, terminal } from './command-io.ts';
import { readKeyFile, readPublicKeys, unusable } from './key-file.ts';
import { rejectionLine, shownText } from './pass.ts';

export interface PlateIssueOptions {
  readonly lang?: string;
  readonly key: string;
  readonly domain: string;
  readonly id: string;
}

/** `watchpost plate issue`: prints the text of a plate, one line for a QR code or an engraver. */
export function issuePlateCommand(
  { lang, key: file, domain, id }: PlateIssueOptions,
  io: CommandIo = terminal,
) {
  return runCommand(io, lang, async () => {
    const key = readKeyFile(file);
    let text: string;
    try {
      text = issuePlate({ domain, id }, key);
    } catch (error) {
      if (!(error instanceof WatchpostError)) throw unusable('/--key', 'a key as `pass new-key` wrote it');
      throw error.path === '/domain'
        ? unusable('/--domain', 'a host name in lower case')
        : unusable('/--id', '8–64 of A–Z a–z 0–9 _ -');
    }
    if (verifyPlate(text, { keys: [publicPart(key)] }).outcome !== 'accepted') {
      throw unusable('/--key', 'a key as `pass new-key` wrote it');
    }
    io.out(`${text}\n`);
    return 0;
  });
}

export interface PlateVerifyOptions {
  readonly lang?: string;
  readonly keys: string;
  readonly domain?: string;
}

/**
 * `watchpost plate verify [TEXT]`: one line about the plate; exit code 0 accepted, 1 rejected. A plate is
 * public: it proves an address, not a person.
 */
export function verifyPlateCommand(
  text: string | undefined,
  { lang, keys, domain }: PlateVerifyOptions,
  io: CommandIo = terminal,
) {
  return runCommand(io, lang, async (texts) => {
    const publicKeys = readPublicKeys(keys);
    const shown = await shownText(text, io);
    const verdict = verifyPlate(shown, { keys: publicKeys, ...(domain === undefined ? {} : { domain }) });
    const accepted = verdict.outcome === 'accepted';
    io.out(
      accepted
        ? `${texts.passAccepted}: ${verdict.id}, ${verdict.domain}\n`
        : `${rejectionLine(verdict.reason, texts)}\n`,
    );
    return accepted ? 0 : 1;
  });
}
