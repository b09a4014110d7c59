import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { WatchpostError } from '@watchpost/contracts/errors';
import { claimGateway, identityFiles } from '@watchpost/edge-agent/identity';
import { Revocations, readRevocations } from '@watchpost/identity';
import { authorityFolder, inviteGateway } from '@watchpost/identity/authority';
import type { Logger } from 'pino';
import { localClaimPolicy } from '../policy.ts';
import type { LocalGateway } from '../server/local-gateways.ts';

/** A gateway that the server runs itself, as the door has it claimed. */
export interface ClaimedLocally extends LocalGateway {
  /** Folder of its site’s authority. */
  readonly authority: string;
  /** Folder of its key and certificate. */
  readonly into: string;
}

/** What {@link LocalClaims} needs. */
export interface LocalClaimsOptions {
  readonly gateways: readonly ClaimedLocally[];
  /** Address of the door. */
  readonly door: string;
  readonly nowMs: () => number;
  readonly logger: Logger;
}

/**
 * Has the gateways that the server runs itself claimed at its own door, with a code as any other one: those
 * that have no certificate, or one that is good no longer. What fails is tried again, for ever; renewing a
 * certificate that is good is the gateway’s own business.
 */
export class LocalClaims {
  readonly #options: LocalClaimsOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(options: LocalClaimsOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#options.gateways.length === 0) return;
    this.#round = this.#claimAll().finally(() => {
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), localClaimPolicy.lookEveryMs);
    });
  }

  /** Settles when nothing is under way. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #claimAll(): Promise<void> {
    const { gateways, logger } = this.#options;
    for (const own of gateways) {
      try {
        await this.#claim(own);
      } catch (error) {
        const code = error instanceof WatchpostError ? error.code : undefined;
        const { site, gateway } = own;
        logger.warn({ site, gateway, code, err: code ? undefined : error }, 'own gateway not claimed');
      }
    }
  }

  async #claim({ site, gateway, authority, into }: ClaimedLocally): Promise<void> {
    const { door, nowMs, logger } = this.#options;
    const files = identityFiles(into);
    if (existsSync(files.gateway)) {
      if (await isGood(files.gateway, gateway, authority, nowMs())) return;
      // Refused below, and so kept, where the gateway itself was shut out.
      await refuseShutOut(gateway, authority);
      rmSync(files.gateway);
    }
    const code = await inviteGateway(authority, gateway, localClaimPolicy.codeLifeMs, nowMs());
    const { serial } = await claimGateway(code, door, into);
    logger.info({ site, gateway, serial }, 'own gateway claimed');
  }
}

const revocationsOf = async (authority: string): Promise<Revocations> =>
  new Revocations(await readRevocations(authorityFolder(authority).revocations));

/** @throws WatchpostError `identity.revoked` */
async function refuseShutOut(gateway: string, authority: string): Promise<void> {
  if ((await revocationsOf(authority)).hasGateway(gateway))
    throw new WatchpostError('identity.revoked', { path: gateway });
}

/** Whether a certificate is of this authority, has not ended and was not taken back. */
async function isGood(file: string, gateway: string, authority: string, nowMs: number): Promise<boolean> {
  try {
    const text = readFileSync(file, 'utf8');
    const certificate = new X509Certificate(text.slice(text.indexOf('-----BEGIN CERTIFICATE')));
    const issuer = new X509Certificate(readFileSync(authorityFolder(authority).certificate));
    const revocations = await revocationsOf(authority);
    return (
      certificate.verify(issuer.publicKey) &&
      certificate.validToDate.getTime() > nowMs &&
      !revocations.hasSerial(certificate.serialNumber) &&
      !revocations.hasGateway(gateway)
    );
  } catch {
    // Damaged, or cut off while it was written: another one is claimed.
    return false;
  }
}
