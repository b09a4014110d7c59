import { WatchpostError } from '@watchpost/contracts/errors';
import { readSecretFile } from '@watchpost/service';
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import type { ProviderIdentity } from '../../store/identity-store.ts';
import { oidcPolicy } from '../policy.ts';
import type { OidcSettings } from './oidc-settings.ts';
import type { OidcStep } from './oidc-step.ts';
import { providerFetch } from './provider-fetch.ts';

/** Who the provider says it is. */
export interface ProvedIdentity extends ProviderIdentity {
  readonly claims: Readonly<Record<string, unknown>>;
}

/** A log-in that begins: where the browser goes, and what must come back. */
export interface BegunLogIn {
  readonly url: string;
  readonly step: OidcStep;
}

/** The problem of ours behind what the library threw, else a refusal: what was checked did not hold. */
function problemOf(failure: unknown): WatchpostError {
  for (let cause = failure; cause instanceof Error; cause = cause.cause)
    if (cause instanceof WatchpostError) return cause;
  const isTooLate = failure instanceof Error && 'code' in failure && failure.code === 'OAUTH_TIMEOUT';
  return new WatchpostError(isTooLate ? 'account.oidc_unreachable' : 'account.oidc_refused', {
    cause: failure,
  });
}

/**
 * The identity provider, by openid-client: authorization code with PKCE (RFC 7636). The library checks
 * issuer, audience, nonce, end and signature of the ID token (OpenID Connect Core §3.1.3.7).
 */
export class OidcProvider {
  readonly #settings: OidcSettings;
  readonly #monotonicMs: () => number;
  #known: { readonly configuration: Configuration; readonly untilMs: number } | undefined;

  constructor(settings: OidcSettings, monotonicMs: () => number = () => performance.now()) {
    this.#settings = settings;
    this.#monotonicMs = monotonicMs;
  }

  /** @throws WatchpostError `account.oidc_unreachable`, `account.oidc_refused` */
  async begin(redirectUri: string): Promise<BegunLogIn> {
    const { issuer, scope } = this.#settings;
    const step = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
    try {
      const url = buildAuthorizationUrl(await this.#configuration(), {
        redirect_uri: redirectUri,
        ...{ scope, state: step.state, nonce: step.nonce },
        code_challenge: await calculatePKCECodeChallenge(step.verifier),
        code_challenge_method: 'S256',
      });
      if (url.origin !== new URL(issuer).origin)
        throw new WatchpostError('account.oidc_refused', { details: { reason: 'foreign host' } });
      return { url: url.href, step };
    } catch (failure) {
      throw problemOf(failure);
    }
  }

  /**
   * Exchanges the code that came back in `answer`, the whole address.
   * @throws WatchpostError `account.oidc_unreachable`, `account.oidc_refused`
   */
  async finish(answer: URL, { state, nonce, verifier }: OidcStep): Promise<ProvedIdentity> {
    try {
      const tokens = await authorizationCodeGrant(await this.#configuration(), answer, {
        ...{ pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce },
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new WatchpostError('account.oidc_refused', { details: { reason: 'no ID token' } });
      return { issuer: claims.iss, subject: claims.sub, claims };
    } catch (failure) {
      throw problemOf(failure);
    }
  }

  /** What the provider says of itself; asked anew now and then, and after each failure. */
  async #configuration(): Promise<Configuration> {
    const nowMs = this.#monotonicMs();
    if (this.#known && nowMs < this.#known.untilMs) return this.#known.configuration;
    const { issuer, clientId, secretFile } = this.#settings;
    const secret = readSecretFile(secretFile).toString().trim();
    const isPlain = issuer.startsWith('http:');
    const configuration = await discovery(new URL(issuer), clientId, secret, undefined, {
      [customFetch]: providerFetch(issuer),
      timeout: Math.ceil(oidcPolicy.requestMs / 1000),
      execute: [enableNonRepudiationChecks, ...(isPlain ? [allowInsecureRequests] : [])],
    });
    this.#known = { configuration, untilMs: nowMs + oidcPolicy.metadataMs };
    return configuration;
  }
}
