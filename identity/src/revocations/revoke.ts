import { authorityFolder } from '../authority/authority-files.ts';
import { withDescendants } from '../authority/certificate-lineage.ts';
import { plainSerial } from '../authority/gateway-certificate.ts';
import { ClaimRegister } from '../claims/claim-register.ts';
import { readRevocations, writeRevocations } from './revocation-file.ts';
import type { Revocation } from './revocations.ts';

/** What can be revoked. */
export type RevocationTarget =
  | { readonly gateway: string }
  | { readonly serial: string }
  | { readonly token: string }
  | { readonly subject: string }
  | { readonly key: string };

const time = (ms: number): string => new Date(ms).toISOString();

/**
 * Rewrites the revocation file without what has expired; commands that run at the same time wait for each
 * other.
 */
async function change<T>(
  folder: string,
  nowMs: number,
  edit: (entries: readonly Revocation[], register: ClaimRegister) => { entries: Revocation[]; result: T },
): Promise<T> {
  const files = authorityFolder(folder);
  const register = new ClaimRegister(files.register);
  try {
    return await register.exclusively(async () => {
      const needed = (await readRevocations(files.revocations)).filter(
        ({ until }) => until === undefined || until > time(nowMs),
      );
      const { entries, result } = edit(needed, register);
      await writeRevocations(files.revocations, entries);
      return result;
    });
  } finally {
    register.close();
  }
}

/**
 * Revokes something at once: brokers that follow the file close open connections within seconds. A gateway
 * loses its certificates and its open invitations, and stays out however it comes until it is readmitted.
 * With a certificate go all that descend from it, because who has its key may have renewed it.
 * @returns the serial numbers of certificates that were revoked
 * @throws WatchpostError `identity.revocations_damaged`, `config.data_folder`
 */
export function revoke(folder: string, target: RevocationTarget, nowMs: number): Promise<string[]> {
  return change(folder, nowMs, (entries, register) => {
    const lineage = register.lineage();
    const meant = 'serial' in target ? [plainSerial(target.serial)] : [];
    if ('gateway' in target)
      for (const { gateway, serial } of lineage) if (gateway === target.gateway) meant.push(serial);
    const serials = withDescendants(lineage, meant);
    register.markRevoked(serials, nowMs);
    const certificates = register
      .certificates(nowMs)
      .filter(({ serial }) => serials.has(plainSerial(serial)));
    if ('gateway' in target) register.withdrawInvitations(target.gateway);
    const at = time(nowMs);
    const added: Revocation[] = certificates.map(({ serial, notAfterMs }) => ({
      type: 'serial',
      serial: plainSerial(serial),
      at,
      until: time(notAfterMs),
    }));
    if ('gateway' in target) added.push({ type: 'gateway', gateway: target.gateway, at });
    if ('token' in target) added.push({ type: 'token', token: target.token, at });
    if ('subject' in target) added.push({ type: 'subject', subject: target.subject, issuedBefore: at, at });
    if ('key' in target) added.push({ type: 'key', key: target.key, at });
    // of another authority, or from before a register was lost
    if (
      'serial' in target &&
      !certificates.some(({ serial }) => plainSerial(serial) === plainSerial(target.serial))
    )
      added.push({ type: 'serial', serial: plainSerial(target.serial), at });
    const others = entries.filter((entry) => !isIn(added, entry));
    return { entries: [...others, ...added], result: certificates.map(({ serial }) => serial) };
  });
}

/**
 * Lets a revoked gateway be invited again. Its old certificates stay revoked, and so do its tokens from
 * before.
 * @returns whether it was revoked
 */
export function readmit(folder: string, gateway: string, nowMs: number): Promise<boolean> {
  return change(folder, nowMs, (entries) => {
    const others = entries.filter((entry) => entry.type !== 'gateway' || entry.gateway !== gateway);
    if (others.length === entries.length) return { entries: others, result: false };
    const at = time(nowMs);
    const tokens = { type: 'subject', subject: gateway, issuedBefore: at, at } as const;
    return { entries: [...others.filter((entry) => !isIn([tokens], entry)), tokens], result: true };
  });
}

/** Whether the list has an entry for the same thing. */
const isIn = (list: readonly Revocation[], entry: Revocation): boolean =>
  list.some((other) => subjectOf(other) === subjectOf(entry));

function subjectOf(entry: Revocation): string {
  const { type } = entry;
  if (type === 'serial') return `${type} ${entry.serial}`;
  if (type === 'gateway') return `${type} ${entry.gateway}`;
  if (type === 'token') return `${type} ${entry.token}`;
  if (type === 'session') return `${type} ${entry.session}`;
  return type === 'key' ? `${type} ${entry.key}` : `${type} ${entry.subject}`;
}
