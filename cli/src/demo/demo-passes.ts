import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { IssuerKey } from '@watchpost/passes';
import type { CommandIo } from '../commands/command-io.ts';
import { readKeyFile } from '../commands/key-file.ts';
import { issuePassCommand, newKeyCommand } from '../commands/pass.ts';

const issuer = 'demo-issuer';
const goodForHours = 30 * 24;

async function* noInput(): AsyncGenerator<Uint8Array> {}

/** What a command prints. @throws Error with what it says when it refuses */
async function printedBy(command: (io: CommandIo) => Promise<number>): Promise<string> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await command({
    ...{ environment: {}, input: noInput() },
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  if (code !== 0) throw new Error(err.join('').trim());
  return out.join('').replace(/\n$/, '');
}

/** The key that signs the demo’s passes: made once, by `watchpost pass new-key`. */
export async function demoIssuer(path: string): Promise<IssuerKey> {
  if (!existsSync(path)) await printedBy((io) => newKeyCommand(path, { issuer }, io));
  return readKeyFile(path);
}

export interface DemoPasses {
  readonly valid: string;
  /** Signed by a key that only claims to be the issuer’s. */
  readonly forged: string;
  /** When the valid pass expires, seconds since the epoch. */
  readonly expires: number;
}

/**
 * A visitor pass for the gate, by `watchpost pass issue`, and a forged one: by a key of the same id that is
 * thrown away.
 * @param folder where the key is, as `pass-issuer.json`
 */
export async function demoPasses(folder: string, nowMs: number): Promise<DemoPasses> {
  const key = join(folder, 'pass-issuer.json');
  const { kid } = await demoIssuer(key);
  const issue = (by: string) => {
    const what = { audience: ['gate'], hours: String(goodForHours), uses: '1000', address: 'demo-unit-12' };
    return printedBy((io) => issuePassCommand({ key: by, ...what }, io, nowMs));
  };
  const impostor = join(folder, 'impostor.json');
  rmSync(impostor, { force: true });
  try {
    await printedBy((io) => newKeyCommand(impostor, { kid, issuer }, io));
    const [valid, forged] = [await issue(key), await issue(impostor)];
    return { valid, forged, expires: Math.floor(nowMs / 1000) + goodForHours * 3_600 };
  } finally {
    rmSync(impostor, { force: true });
  }
}
