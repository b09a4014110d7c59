import { createHash, X509Certificate as NodeCertificate, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { formatClaimCode, gatewayUri } from '@watchpost/contracts/wire';
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  type PublicKey,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '../identity/x509.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** What the service does with a request that it understands. */
export type Behaviour =
  | 'certify'
  | 'lose_answer'
  | 'other_key'
  | 'other_authority'
  | 'other_name'
  | 'refuse'
  | 'garbage'
  | 'flood';

/**
 * A site’s authority with a claim service that can misbehave. For tests only; the real one is in the broker
 * package.
 */
export class TestAuthority {
  behaviour: Behaviour = 'certify';
  lifeMs = 86_400_000;
  /** What came to `/claim` and `/renew`. */
  readonly asked: {
    readonly path: string;
    readonly body: Record<string, string>;
    readonly by: string | undefined;
  }[] = [];
  readonly #keys: CryptoKeyPair;
  readonly #certificate: X509Certificate;
  #server: Server | undefined;

  private constructor(keys: CryptoKeyPair, certificate: X509Certificate) {
    this.#keys = keys;
    this.#certificate = certificate;
  }

  static async create(): Promise<TestAuthority> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const certificate = await X509CertificateGenerator.createSelfSigned({
      serialNumber: randomBytes(8).toString('hex'),
      name: [{ CN: ['test authority'] }],
      notBefore: new Date(Date.now() - 60_000),
      notAfter: new Date(Date.now() + 86_400_000),
      keys,
      signingAlgorithm: algorithm,
      extensions: [new BasicConstraintsExtension(true, undefined, true)],
    });
    return new TestAuthority(keys, certificate);
  }

  get pem(): string {
    return `${this.#certificate.toString('pem')}\n`;
  }

  get url(): string {
    const address = this.#server?.address() as AddressInfo | undefined;
    return `https://localhost:${address?.port}`;
  }

  codeFor(gateway: string): string {
    return formatClaimCode({
      site: 'demo',
      gateway,
      id: randomBytes(8).toString('base64url'),
      secret: randomBytes(20).toString('base64url'),
      authority: createHash('sha256').update(new NodeCertificate(this.pem).raw).digest('base64url'),
    });
  }

  async certify(
    publicKey: PublicKey | CryptoKey,
    name: string,
    kind: 'url' | 'dns' = 'url',
  ): Promise<string> {
    const certificate = await X509CertificateGenerator.create({
      serialNumber: `40${randomBytes(8).toString('hex')}`,
      subject: [{ CN: [name] }],
      issuer: this.#certificate.subjectName,
      notBefore: new Date(Date.now() - 1000),
      notAfter: new Date(Date.now() + this.lifeMs),
      signingKey: this.#keys.privateKey,
      publicKey,
      signingAlgorithm: algorithm,
      extensions: [
        new SubjectAlternativeNameExtension([
          { type: kind, value: kind === 'dns' ? name : gatewayUri('demo', name) },
        ]),
      ],
    });
    return `${certificate.toString('pem')}\n`;
  }

  async start(): Promise<void> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    const tls = {
      cert: await this.certify(keys.publicKey, 'localhost', 'dns'),
      key: `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`,
    };
    const server = createServer(
      { ...tls, ca: this.pem, requestCert: true, rejectUnauthorized: false },
      async (request, response) => {
        const path = request.url?.split('?')[0] ?? '';
        if (path === '/ca') {
          response.end(this.pem);
          return;
        }
        let text = '';
        for await (const chunk of request) text += String(chunk);
        const body = JSON.parse(text) as Record<string, string>;
        const by = (request.socket as TLSSocket).getPeerCertificate().subject?.CN;
        this.asked.push({ path, body, by: typeof by === 'string' ? by : undefined });
        const answer = await this.#answer(body.request ?? '');
        if (answer === undefined) response.destroy();
        else response.writeHead(this.behaviour === 'refuse' ? 403 : 200).end(answer);
      },
    );
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  async #answer(pem: string): Promise<string | undefined> {
    const request = new Pkcs10CertificateRequest(pem);
    const name = request.subjectName.getField('CN')[0] ?? '';
    const other = () => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const certified = async (certificate: string) => JSON.stringify({ certificate });
    switch (this.behaviour) {
      case 'certify':
        return certified(await this.certify(request.publicKey, name));
      case 'other_key':
        return certified(await this.certify((await other()).publicKey, name));
      case 'other_authority':
        return certified(await (await TestAuthority.create()).certify(request.publicKey, name));
      case 'other_name':
        return certified(await this.certify(request.publicKey, 'gw9'));
      case 'refuse':
        return JSON.stringify({ code: 'identity.claim_refused' });
      case 'garbage':
        return '<html>';
      case 'flood':
        return 'x'.repeat(1_000_000);
      case 'lose_answer':
        return undefined;
    }
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
