import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { connect } from 'node:tls';
import { doorServerName, parseClaimCode } from '@watchpost/contracts/wire';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inviteGateway } from '../claims/invite.ts';
import { revoke } from '../revocations/revoke.ts';
import { type Keyed, newRequest, TestSite } from '../testing/test-site.ts';
import type { DoorDocuments } from './door-documents.ts';
import { type GatewayDoor, startGatewayDoor } from './gateway-door.ts';

let one: TestSite;
let other: TestSite;
let door: GatewayDoor;

/** Two sites whose gateways have the same names. */
const documents: DoorDocuments = {
  find: (site, gateway, kind) =>
    gateway === 'unlisted'
      ? undefined
      : { bytes: Buffer.from(`${kind} of ${site}/${gateway}`), digest: `${kind}-${site}-${gateway}` },
  keys: (site) => [{ kid: site, publicKey: 'A'.repeat(43) }],
};
beforeAll(async () => {
  one = await TestSite.create('demo');
  other = await TestSite.create('other');
  door = await startGatewayDoor({
    authorities: [one.folder, other.folder],
    identity: { names: ['localhost', '127.0.0.1'] },
    ...{ host: '127.0.0.1', port: 0, broker: ':8883', documents },
    registry: new Registry(),
    nowMs: Date.now,
  });
});
afterAll(async () => {
  await door.stop();
  await Promise.all([one.remove(), other.remove()]);
});

interface Asked {
  readonly site?: TestSite;
  readonly identity?: Keyed | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}
function ask(path: string, { site = one, identity, headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; text: string; tag: string | undefined }>((resolve, reject) => {
    const outgoing = request(
      {
        ...{ host: '127.0.0.1', port: door.port, path, ca: site.ca, agent: false, headers, ...identity },
        servername: doorServerName(site.authority.site),
        method: body ? 'POST' : 'GET',
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, text, tag: response.headers.etag }),
        );
      },
    );
    outgoing.on('error', reject);
    if (body) outgoing.setHeader('content-type', 'application/json');
    outgoing.end(body && JSON.stringify(body));
  });
}
const codeOf = ({ text }: { text: string }): string => (JSON.parse(text) as { code: string }).code;

describe('a gateway at the door', () => {
  it('gets its own documents, and says by its certificate alone who it is', async () => {
    for (const site of [one, other]) {
      for (const name of ['gw1', 'gw2']) {
        const identity = await site.gateway(name);
        const of = `${site.authority.site}/${name}`;
        expect(await ask('/site-part', { site, identity })).toMatchObject({
          status: 200,
          text: `site of ${of}`,
        });
        const asAnother = await ask('/permit?site=other&gateway=gw2', { site, identity });
        expect(asAnother).toMatchObject({ status: 200, text: `permit of ${of}` });
      }
    }
  });
  it('is told that nothing changed where it has the newest', async () => {
    const identity = await one.gateway('gw1');
    const { tag = '' } = await ask('/site-part', { identity });
    const again = await ask('/site-part', { identity, headers: { 'if-none-match': `"x", ${tag}` } });
    expect(again).toMatchObject({ status: 304, text: '' });
    const older = await ask('/site-part', { identity, headers: { 'if-none-match': '"x"' } });
    expect(older.status).toBe(200);
  });
  it('that the site does not list is told so', async () => {
    const answer = await ask('/site-part', { identity: await one.gateway('unlisted') });
    expect([answer.status, codeOf(answer)]).toEqual([404, 'identity.unknown_gateway']);
  });
  it.each(['/site-part', '/permit', '/server'])('without a certificate gets nothing of %s', async (path) => {
    const answer = await ask(path);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'identity.certificate_refused']);
  });
  it('of one authority that says another’s site, a server and an expired one get nothing', async () => {
    const key = readFileSync(one.files.key, 'utf8');
    const identities = [
      await one.crafted(key, { name: 'gw1', uri: 'watchpost://other/gateways/gw1' }),
      await one.crafted(key, { name: 'gw1', usages: [] }),
      await one.gateway('gw1', 1000, Date.now() - 60_000),
    ];
    for (const identity of identities)
      expect(codeOf(await ask('/site-part', { identity }))).toBe('identity.certificate_refused');
  });
  it('that was revoked gets nothing', async () => {
    const identity = await one.gateway('gone');
    expect((await ask('/site-part', { identity })).status).toBe(200);
    await revoke(one.folder, { gateway: 'gone' }, Date.now());
    await vi.waitFor(async () => expect((await ask('/site-part', { identity })).status).toBe(403), 10_000);
  });
  it('that asks without end is refused, and the others are not', async () => {
    const identity = await one.gateway('busy');
    const answers = await Promise.all(Array.from({ length: 70 }, () => ask('/permit', { identity })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect((await ask('/permit', { identity: await one.gateway('quiet') })).status).toBe(200);
    expect(await door.metrics()).toMatch(
      /watchpost_door_documents_total\{document="permit",outcome="identity.too_many_requests"\} \d/,
    );
  });
});

it('each site’s gateways are shown a certificate of their own authority', async () => {
  for (const site of [one, other]) {
    const socket = connect({
      ...{ host: '127.0.0.1', port: door.port, ca: site.ca },
      servername: doorServerName(site.authority.site),
    });
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
    expect(socket.authorized).toBe(true);
    socket.destroy();
    const foreign = ask('/ca', { site: { ...site, ca: (site === one ? other : one).ca } as TestSite });
    await expect(foreign).rejects.toThrow();
  }
});

it('a claim says where the server is to those who ask, and to a gateway of the last version nothing new', async () => {
  const claim = async (site: TestSite, query: string) => {
    const code = parseClaimCode(await inviteGateway(site.folder, 'gw3', 60_000, Date.now()));
    const { request: csr } = await newRequest('gw3');
    const body = { id: code.id, secret: code.secret, request: csr };
    const answer = await ask(`/claim${query}`, { site, body, headers: { host: 'server.example:8884' } });
    return JSON.parse(answer.text) as { certificate: string; server?: object };
  };
  expect(await claim(other, '?site=other&addresses')).toMatchObject({
    certificate: expect.stringContaining('BEGIN CERTIFICATE'),
    server: {
      broker: 'mqtts://server.example:8883',
      brokerAuthority: one.ca,
      door: `https://server.example:${door.port}`,
      keys: [{ kid: 'other', publicKey: 'A'.repeat(43) }],
    },
  });
  expect(Object.keys(await claim(one, ''))).toEqual(['certificate']);
  expect(await claim(one, '?site=other')).toMatchObject({ code: 'identity.claim_refused' });
  expect((await ask('/ca?site=other')).text).toBe(other.ca);
});
