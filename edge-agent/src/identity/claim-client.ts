import { createHash, X509Certificate } from 'node:crypto';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import { type ErrorCode, errorRegistry, WatchpostError } from '@watchpost/contracts/errors';
import {
  type ClaimCode,
  doorServerName,
  issuedCertificateSchema,
  parseWith,
  type ServerAddresses,
} from '@watchpost/contracts/wire';
import { claimPolicy } from './policy.ts';

const unreachable = (url: string, cause?: unknown) => {
  const code = cause instanceof Error && 'code' in cause ? { found: String(cause.code) } : {};
  return new WatchpostError('identity.service_unreachable', { details: { url, ...code }, cause });
};

/**
 * The authority’s certificate, PEM. Whoever answers is not known yet, and need not be: the answer is checked
 * against the fingerprint that came with the claim code, and only after that the code itself is sent, to a
 * server of that authority.
 * @throws WatchpostError `identity.authority_mismatch`, `identity.service_unreachable`
 */
export async function fetchAuthority(
  url: string,
  { authority, site }: Pick<ClaimCode, 'authority' | 'site'>,
): Promise<string> {
  const pem = await exchange(new URL(`/ca?site=${site}`, url), { rejectUnauthorized: false });
  let fingerprint: string;
  try {
    fingerprint = createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');
  } catch (cause) {
    throw unreachable(url, cause);
  }
  if (fingerprint !== authority)
    throw new WatchpostError('identity.authority_mismatch', { details: { url } });
  return pem;
}

/**
 * @throws WatchpostError `identity.claim_refused` and what else the service says,
 * `identity.service_unreachable`
 */
export function claimCertificate(
  url: string,
  ca: string,
  { id, secret, site }: Pick<ClaimCode, 'id' | 'secret' | 'site'>,
  request: string,
): Promise<Issued> {
  const tls = { ca, ...doorName(site, url) };
  return certificateFrom(new URL(`/claim?site=${site}&addresses`, url), tls, { id, secret, request });
}

/**
 * @throws WatchpostError `identity.renewal_refused` and what else the service says,
 * `identity.service_unreachable`
 */
export function renewCertificate(
  url: string,
  ca: string,
  identity: { readonly site: string; readonly certificate: string; readonly key: string },
  request: string,
): Promise<Issued> {
  const { certificate: cert, key, site } = identity;
  const tls = { ca, cert, key, ...doorName(site, url) };
  return certificateFrom(new URL('/renew?addresses', url), tls, { request });
}

/** What was given out; a service of the last version does not say where the server is. */
export interface Issued {
  readonly certificate: string;
  readonly server?: ServerAddresses | undefined;
}

/**
 * Asks for the door by the name of the site. A service of the last version shows a certificate for its own
 * name instead, of the same authority.
 */
export function doorName(
  site: string,
  url: string,
): Pick<ConnectionOptions, 'servername' | 'checkServerIdentity'> {
  const { hostname } = new URL(url);
  return {
    servername: doorServerName(site),
    checkServerIdentity: (name, certificate) => {
      const fault = checkServerIdentity(name, certificate);
      return fault && checkServerIdentity(hostname.replace(/^\[|\]$/g, ''), certificate);
    },
  };
}

async function certificateFrom(url: URL, tls: RequestOptions, body: object): Promise<Issued> {
  const text = await exchange(url, tls, JSON.stringify(body));
  try {
    return parseWith(issuedCertificateSchema, JSON.parse(text));
  } catch (cause) {
    throw unreachable(url.origin, cause);
  }
}

/** One request; the text of a good answer. */
function exchange(url: URL, tls: RequestOptions, body?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (cause?: unknown) => reject(unreachable(url.origin, cause));
    const signal = AbortSignal.timeout(claimPolicy.answerMs);
    const method = body === undefined ? 'GET' : 'POST';
    const outgoing = httpsRequest(url, { ...tls, method, agent: false, signal }, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > claimPolicy.answerBytes) response.destroy(new Error('answer too large'));
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(text);
        else reject(refusal(text) ?? unreachable(url.origin));
      });
    });
    outgoing.on('error', fail);
    if (body !== undefined) outgoing.setHeader('content-type', 'application/json');
    outgoing.end(body);
  });
}

/** The service’s own refusal, if it is one we know. */
function refusal(text: string): WatchpostError | undefined {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    if (typeof code !== 'string' || !Object.hasOwn(errorRegistry, code)) return undefined;
    return new WatchpostError(code as ErrorCode);
  } catch {
    return undefined;
  }
}
