import { createHash } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { IssuedCertificate } from '../authority/certificate-parts.ts';
import { checkCertificateRequest } from '../authority/certificate-request.ts';
import {
  type CertificateFault,
  gatewayOfCertificate,
  type PeerCertificate,
} from '../authority/gateway-certificate.ts';
import type { SiteAuthority } from '../authority/site-authority.ts';
import { claimPolicy } from '../policy.ts';
import type { Revocations } from '../revocations/revocations.ts';
import type { ClaimRegister } from './claim-register.ts';
import type { ClaimFault } from './claim-verdict.ts';

const dayMs = 24 * 3_600_000;

/** What was decided, for the audit. */
export interface ClaimRecord {
  readonly gateway: string;
  readonly serial: string;
  readonly invitation?: string;
  /** The same certificate was given out once more, because the first answer may have been lost. */
  readonly repeated?: boolean;
}

/** Why a claim or renewal was refused, for the audit; the caller gets only the error. */
export class ClaimRefused extends WatchpostError {
  readonly fault: ClaimFault | CertificateFault | 'no_certificate' | 'revoked' | 'rate';

  constructor(
    code: 'identity.claim_refused' | 'identity.renewal_refused' | 'identity.too_many_requests',
    fault: ClaimRefused['fault'],
  ) {
    super(code);
    this.fault = fault;
  }
}

export interface ClaimHandlerParts {
  readonly authority: Pick<SiteAuthority, 'site' | 'issueGateway'>;
  readonly register: ClaimRegister;
  readonly revocations: () => Revocations;
  readonly nowMs: () => number;
  /** Life of a gateway’s certificate. */
  readonly lifeMs: number;
}

export interface Answer extends ClaimRecord {
  readonly certificate: string;
}

/** Decides who gets a certificate, and has it issued. */
export class ClaimHandler {
  readonly #with: ClaimHandlerParts;

  constructor(parts: ClaimHandlerParts) {
    this.#with = parts;
  }

  /**
   * A certificate for whoever holds a claim code. The code is used up on disk before the certificate is made;
   * the same key may ask again until the code expires and gets the same certificate, so that neither a lost
   * answer nor a crash in between leaves a gateway without one.
   * @throws ClaimRefused `identity.claim_refused`; WatchpostError `identity.request_refused`, which uses
   *   nothing up
   */
  async claim(id: string, secret: string, request: string): Promise<Answer> {
    const { register, revocations, nowMs } = this.#with;
    const digest = createHash('sha256').update(Buffer.from(secret, 'base64url')).digest();
    const found = register.check(id, digest, (gateway) => revocations().hasGateway(gateway), nowMs());
    if ('fault' in found) throw new ClaimRefused('identity.claim_refused', found.fault);
    const { gateway } = found;
    const checked = await checkCertificateRequest(request, gateway);
    if (!register.burn(id, checked.publicKeySha256)) throw new ClaimRefused('identity.claim_refused', 'used');
    const earlier = register.issuedFor(id);
    if (earlier) return { ...answerOf(earlier, gateway), invitation: id, repeated: true };
    const issued = await this.#issue(gateway, checked);
    // Two requests with the same key at the same time: the first one’s certificate counts.
    if (register.record(gateway, issued, id, nowMs()))
      return { ...answerOf(issued, gateway), invitation: id };
    return { ...answerOf(register.issuedFor(id) ?? issued, gateway), invitation: id, repeated: true };
  }

  /**
   * A new certificate for a gateway that comes with one that is still good.
   * @throws ClaimRefused `identity.renewal_refused`, `identity.too_many_requests`; WatchpostError
   *   `identity.request_refused`
   */
  async renew(certificate: PeerCertificate | undefined, request: string): Promise<Answer> {
    const { authority, register, revocations, nowMs } = this.#with;
    if (!certificate) throw new ClaimRefused('identity.renewal_refused', 'no_certificate');
    const found = gatewayOfCertificate(certificate, authority.site, nowMs());
    if ('fault' in found) throw new ClaimRefused('identity.renewal_refused', found.fault);
    const { gateway } = found;
    const { serial } = certificate;
    // the register knows it at once, the revocation file is read every two seconds
    if (revocations().hasGateway(gateway) || revocations().hasSerial(serial) || register.isRevoked(serial))
      throw new ClaimRefused('identity.renewal_refused', 'revoked');
    if (register.issuedSince(gateway, nowMs() - dayMs) >= claimPolicy.certificatesPerDay)
      throw new ClaimRefused('identity.too_many_requests', 'rate');
    const issued = await this.#issue(gateway, await checkCertificateRequest(request, gateway));
    if (!register.recordRenewal(gateway, issued, serial, nowMs()))
      throw new ClaimRefused('identity.renewal_refused', 'revoked');
    return answerOf(issued, gateway);
  }

  #issue(gateway: string, checked: Parameters<SiteAuthority['issueGateway']>[1]) {
    const { authority, lifeMs, nowMs } = this.#with;
    return authority.issueGateway(gateway, checked, lifeMs, nowMs());
  }
}

const answerOf = ({ pem, serial }: Pick<IssuedCertificate, 'pem' | 'serial'>, gateway: string): Answer => ({
  certificate: pem,
  gateway,
  serial,
});
