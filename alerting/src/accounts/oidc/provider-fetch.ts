import { WatchpostError } from '@watchpost/contracts/errors';
import { oidcPolicy } from '../policy.ts';

type Options = NonNullable<Parameters<typeof fetch>[1]>;

/** The body, as long as it stays within the limit. */
async function bodyOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.byteLength;
    if (bytes > oidcPolicy.answerBytes) throw new Error('the answer is too long');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * Asks an identity provider: its own origin alone, no redirect is followed, and the whole answer comes within
 * the deadline.
 * @throws WatchpostError `account.oidc_unreachable`; `account.oidc_refused` for an address not its own
 */
export const providerFetch =
  (issuer: string, requestMs: number = oidcPolicy.requestMs) =>
  async (url: string, options: object): Promise<Response> => {
    const { origin } = new URL(issuer);
    if (new URL(url).origin !== origin)
      throw new WatchpostError('account.oidc_refused', { details: { reason: 'foreign host' } });
    try {
      const signal = AbortSignal.timeout(requestMs);
      const response = await fetch(url, { ...(options as Options), redirect: 'manual', signal });
      if (response.status >= 500) throw new Error(`status ${response.status}`);
      const { status, headers } = response;
      const hasBody = status !== 204 && status !== 304;
      return new Response(hasBody ? await bodyOf(response) : null, { status, headers });
    } catch (cause) {
      throw new WatchpostError('account.oidc_unreachable', { cause });
    }
  };
