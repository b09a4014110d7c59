import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AnnouncedDocument, type AnnouncedDocumentOptions } from './announced-document.ts';
import { KeptDocumentFile } from './kept-document.ts';
import { verifyAnnouncement } from './verify-announcement.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });
const server = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519');
const rawOf = (key: KeyObject) => key.export({ format: 'jwk' }).x as string;

let folder: string;
let path: string;
let door: Map<string, string>;
let fetched: string[];
let taken: unknown[];
let document: AnnouncedDocument<'site'>;
let learnt: boolean;
let refuses: ((document: unknown) => void) | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'watchpost-announced-'));
  path = join(folder, 'site-part.json');
  door = new Map();
  fetched = [];
  taken = [];
  learnt = true;
  refuses = undefined;
  document = newDocument();
});
afterEach(async () => {
  await document.stop();
  rmSync(folder, { recursive: true });
});

function newDocument(more: Partial<AnnouncedDocumentOptions<'site'>> = {}): AnnouncedDocument<'site'> {
  const keys = () => (learnt ? [{ kid: 'k', publicKey: rawOf(server.publicKey) }] : []);
  return new AnnouncedDocument<'site'>({
    kind: 'site',
    file: new KeptDocumentFile(path),
    verify: (payload) => verifyAnnouncement(payload, { kind: 'site', site: 's', gateway: 'g', keys: keys() }),
    learnKeys: async () => false,
    fetch: async ({ digest }) => {
      fetched.push(digest);
      const text = door.get(digest);
      if (text === undefined) throw new WatchpostError('edge.part_unreachable');
      return Buffer.from(text);
    },
    take: (document) => {
      refuses?.(document);
      taken.push(document);
    },
    onChange: () => undefined,
    onUnwritable: () => undefined,
    log: pino({ level: 'silent' }),
    retry: { firstMs: 10, maxMs: 20 },
    ...more,
  });
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('hex');
interface Announced {
  readonly version: number;
  readonly text: string;
  readonly gateway?: string;
  readonly kid?: string;
  readonly by?: KeyObject;
  readonly kind?: string;
}
function announcement({
  version,
  text,
  gateway = 'g',
  kid = 'k',
  by = server.privateKey,
  ...more
}: Announced) {
  const { kind = 'site' } = more;
  const said = {
    ...{ kind, site: 's', gateway, version, digest: digestOf(text), size: Buffer.byteLength(text) },
    ...{ path: kind === 'site' ? '/site-part' : '/permit', issued: '2026-11-01T08:15:30.250Z' },
    expires: '2026-11-01T08:16:30.250Z',
  };
  const bytes = Buffer.from(JSON.stringify(said));
  const signature = sign(null, bytes, by).toString('base64url');
  return Buffer.from(JSON.stringify({ kid, announcement: bytes.toString('base64url'), signature }));
}
/** Puts a document at the door and announces it. */
function tell(version: number, content: object, more: Partial<Announced> = {}): void {
  const text = JSON.stringify(content);
  door.set(digestOf(text), text);
  document.announced(announcement({ version, text, ...more }));
}

describe('what is announced', () => {
  it('is fetched, put into force and kept for its owner only', async () => {
    tell(1, { a: 1 });
    await until(() => expect(document.version).toBe(1));
    expect(taken).toEqual([{ a: 1 }]);
    await until(() => expect(existsSync(path)).toBe(true));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['site-part.json']);
  });
  it('is in force at the next start without a door', async () => {
    tell(1, { a: 1 });
    await until(() => expect(existsSync(path)).toBe(true));
    await document.stop();
    door.clear();
    document = newDocument();
    await document.restore();
    expect([document.version, taken.at(-1), fetched.length]).toEqual([1, { a: 1 }, 1]);
  });
  it('is not fetched again where only its announcement is another one', async () => {
    tell(1, { a: 1 });
    await until(() => expect(document.version).toBe(1));
    tell(2, { a: 1 });
    await until(() => expect(document.version).toBe(2));
    expect(fetched).toHaveLength(1);
    tell(2, { a: 1 });
    await document.stop();
    expect(taken).toHaveLength(2);
  });
  it.each<[string, Partial<Announced>]>([
    ['of an older version', { version: 4 }],
    ['for another gateway', { gateway: 'other' }],
    ['of another kind', { kind: 'permit' }],
    ['signed by a stranger', { by: stranger.privateKey }],
    ['under an unknown key', { kid: 'unknown' }],
  ])('%s changes nothing and is told', async (_name, more) => {
    tell(5, { good: true });
    await until(() => expect(document.version).toBe(5));
    tell(6, { bad: true }, more);
    await until(() => expect(document.error).toBe('edge.part_invalid'));
    expect([document.version, taken]).toEqual([5, [{ good: true }]]);
    tell(7, { good: 'again' });
    await until(() => expect(document.version).toBe(7));
    expect(document.error).toBeUndefined();
  });
  it('that is not what lies at the door is not put into force', async () => {
    const text = JSON.stringify({ a: 1 });
    door.set(digestOf(text), JSON.stringify({ a: 2 }));
    document.announced(announcement({ version: 1, text }));
    await until(() => expect(document.error).toBe('edge.part_invalid'));
    expect([document.version, taken]).toEqual([null, []]);
  });
  it('is asked for without end while the door is closed, and then is in force', async () => {
    const text = JSON.stringify({ a: 1 });
    document.announced(announcement({ version: 1, text }));
    await until(() => expect(fetched.length).toBeGreaterThan(3));
    expect(document.error).toBe('edge.part_unreachable');
    door.set(digestOf(text), text);
    await until(() => expect(document.version).toBe(1));
    expect(document.error).toBeUndefined();
  });
  it('anew before the door has answered for the last one does not hide that it never does', async () => {
    await document.stop();
    let version = 0;
    document = newDocument({
      // As a door that takes connections and says nothing: longer than from one permit to the next.
      fetch: async ({ digest }) => {
        fetched.push(digest);
        next();
        await delay(2);
        throw new WatchpostError('edge.part_unreachable');
      },
    });
    const next = () => document.announced(announcement({ version: ++version, text: `{"a":${version}}` }));
    next();
    await until(() => expect(document.error).toBe('edge.part_unreachable'));
    expect(version).toBeGreaterThan(1);
  });
  it('that cannot be used leaves what is in force', async () => {
    tell(1, { a: 1 });
    await until(() => expect(document.version).toBe(1));
    refuses = () => {
      throw new WatchpostError('edge.part_invalid');
    };
    tell(2, { a: 2 });
    await until(() => expect(document.error).toBe('edge.part_invalid'));
    expect(document.version).toBe(1);
    expect(readFileSync(path, 'utf8')).toContain('{\\"a\\":1}');
  });
  it('under a key that the door now names is followed', async () => {
    learnt = false;
    await document.stop();
    document = newDocument({
      learnKeys: async () => {
        learnt = true;
        return true;
      },
    });
    tell(1, { a: 1 });
    await until(() => expect(document.version).toBe(1));
  });
});

it.each([
  ['damaged', 'x'],
  ['of another form', '{}'],
])('a kept document that is %s is as if there were none', async (_name, text) => {
  writeFileSync(path, text);
  await document.restore();
  expect(document.version).toBeNull();
  tell(1, { a: 1 });
  await until(() => expect(document.version).toBe(1));
});

it('a kept document that somebody changed is not believed', async () => {
  tell(1, { a: 1 });
  await until(() => expect(existsSync(path)).toBe(true));
  await document.stop();
  writeFileSync(path, readFileSync(path, 'utf8').replace('{\\"a\\":1}', '{\\"a\\":2}'));
  document = newDocument();
  await document.restore();
  expect([document.version, taken.length]).toEqual([null, 1]);
});
