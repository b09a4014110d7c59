import { X509Certificate } from 'node:crypto';
import { WatchpostError } from '@watchpost/contracts/errors';

/** The authority of one site. */
export interface TrustedAuthority {
  readonly site: string;
  /** Its certificate, PEM. */
  readonly pem: string | Buffer;
}

/**
 * The authorities that a server believes, one or more for each of its sites. TLS finds out that one of them
 * signed a certificate; whose that is decides the site, whatever else the certificate says.
 */
export class TrustedAuthorities {
  readonly #authorities: readonly { readonly site: string; readonly certificate: X509Certificate }[];

  /** @throws WatchpostError `config.invalid` where one is no certificate, or stands for two sites */
  constructor(authorities: readonly TrustedAuthority[]) {
    this.#authorities = authorities.map(({ site, pem }) => ({ site, certificate: certificateOf(site, pem) }));
    const siteOf = new Map<string, string>();
    for (const { site, certificate } of this.#authorities) {
      const key = certificate.publicKey.export({ type: 'spki', format: 'pem' }).toString();
      if ((siteOf.get(key) ?? site) !== site)
        throw new WatchpostError('config.invalid', {
          path: '/clientAuthorities',
          details: { site, expected: 'an authority of its own for each site' },
        });
      siteOf.set(key, site);
    }
  }

  /** The site whose authority signed this certificate. */
  siteOf(certificate: X509Certificate): string | undefined {
    return this.#authorities.find(
      ({ certificate: authority }) =>
        certificate.checkIssued(authority) && certificate.verify(authority.publicKey),
    )?.site;
  }
}

function certificateOf(site: string, pem: string | Buffer): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    const details = { site, expected: 'the certificate of an authority, PEM' };
    throw new WatchpostError('config.invalid', { path: '/clientAuthorities', details, cause });
  }
}
