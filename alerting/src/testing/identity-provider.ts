import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

const client = { id: 'watchpost', secret: 'a secret of this test, long enough' };

/** What the provider says of somebody. */
export type TestClaims = Readonly<Record<string, string | readonly string[]>>;

/**
 * A real identity provider (oidc-provider) on loopback. Whoever comes is logged in as {@link visitor}; nobody
 * has to agree to anything.
 */
export class IdentityProvider {
  readonly issuer: string;
  readonly client = client;
  /** Claims by subject. */
  readonly people: Record<string, TestClaims> = {};
  /** The subject of whoever comes next. */
  visitor = 'nobody';
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async open(): Promise<IdentityProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new IdentityProvider(server);
  }

  /** Begins to serve a client that is sent back to this address. */
  serve(redirectUri: string): void {
    const provider = new Provider(this.issuer, {
      clients: [
        {
          ...{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] },
          ...{ grant_types: ['authorization_code'], response_types: ['code'] },
        },
      ],
      claims: { openid: ['sub'], profile: ['preferred_username', 'groups'] },
      conformIdTokenClaims: false,
      cookies: { keys: ['a key of this test'] },
      features: { devInteractions: { enabled: false } },
      findAccount: (_, accountId) => ({
        accountId,
        claims: async () => ({ sub: accountId, ...this.people[accountId] }),
      }),
      interactions: { url: (_, { uid }) => `/interaction/${uid}` },
      loadExistingGrant: async ({ oidc }) => {
        const grant = new oidc.provider.Grant({
          clientId: oidc.client?.clientId ?? '',
          accountId: oidc.session?.accountId ?? '',
        });
        grant.addOIDCScope('openid profile');
        await grant.save();
        return grant;
      },
      pkce: { required: () => true },
      ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    });
    const answer = provider.callback();
    this.#server.on('request', (request, response) => {
      if (!request.url?.startsWith('/interaction/')) return void answer(request, response);
      void provider.interactionFinished(request, response, { login: { accountId: this.visitor } });
    });
  }

  /** A browser that is sent to the provider: the address to which that sends it back. */
  async visit(url: string): Promise<URL> {
    const cookies = new Map<string, string>();
    let at = url;
    for (let step = 0; step < 10; step += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
      for (const set of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=');
        cookies.set(name, value);
      }
      const next = answer.headers.get('location');
      if (next === null)
        throw new Error(`the provider shows a page: ${answer.status} ${await answer.text()}`);
      at = new URL(next, at).href;
      if (!at.startsWith(this.issuer)) return new URL(at);
    }
    throw new Error('the provider leads round in circles');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
