import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PassRequest, rolePermissions } from '@watchpost/contracts/api';
import { type PassUse, siteIdSchema, zoneIdSchema } from '@watchpost/contracts/wire';
import { createKeyRing, gateKeys, verifyPass } from '@watchpost/passes';
import { askLocally } from '@watchpost/service';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { entriesAfter } from '../governance/audit-log.ts';
import { Governance } from '../governance/governance.ts';
import type { Person } from '../governance/person.ts';
import { defaultPolicy } from '../policy.ts';
import { openStore, type Store } from '../store/open-store.ts';
import { holdPasses } from '../store/pass-store.ts';
import { applyRetention } from '../store/retention.ts';
import { embeddedStore } from '../testing/empty-cluster.ts';
import { FakePermits } from '../testing/permit-contract.ts';
import { testGates } from '../testing/test-site.ts';
import { countUse } from './count-use.ts';
import { ringSigner } from './issuer-rings.ts';
import { servePassUses } from './pass-use-socket.ts';
import { Passes } from './passes.ts';
import { passPolicy } from './policy.ts';

const north = siteIdSchema.parse('north');
const hourMs = 3_600_000;
const clock = { nowMs: Date.UTC(2026, 10, 27, 8) };
const nowMs = () => clock.nowMs;
const at = (hours: number) => new Date(clock.nowMs + hours * hourMs).toISOString();
const ring = createKeyRing({ iss: north });
let store: Store;
let passes: Passes;
let permits: FakePermits;
let governance: Governance;

beforeAll(async () => {
  store = await openStore(await embeddedStore());
});
afterAll(() => store.close());
beforeEach(async () => {
  clock.nowMs = Date.UTC(2026, 10, 27, 8);
  await sql`delete from pass`.execute(store.db);
  await sql`delete from pass_use`.execute(store.db);
  permits = new FakePermits();
  governance = new Governance({
    ...{ db: store.db, nowMs, newId: randomUUID, logger: pino({ level: 'silent' }) },
    ...{ enroller: undefined, permits, sites: new Map([[north, new Set(['gate', 'stores'])]]) },
  });
  passes = new Passes({
    ...{ db: store.db, nowMs, signer: ringSigner(new Map([[north, ring]])) },
    sites: new Map([
      [north, { name: { en: 'N', 'zh-CN': '北' }, timeZone: 'Asia/Shanghai', gates: testGates }],
    ]),
    refusedOthers: (site) => governance.passesChanged(site),
  });
});

const person = (zones: string[] | null = null): Person => ({
  ...{ account: randomUUID(), name: 'officer' },
  sites: [
    {
      ...{ site: north, role: 'officer' as const, permissions: [...rolePermissions.officer] },
      zones: zones?.map((zone) => zoneIdSchema.parse(zone)) ?? null,
    },
  ],
});
const anna = person();
const request = (changed: Partial<PassRequest> = {}): PassRequest => ({
  ...{ id: randomUUID(), gates: ['gate'], purpose: 'visit', notAfter: at(8), maxUses: 2, ...changed },
});
const asked = (id: string, who = anna) => ({ person: who, sites: [north], id });
const use = (jti: string, changed: Partial<PassUse> = {}): PassUse => ({
  ...{ id: randomUUID(), iss: north, jti, exp: Math.floor(Date.parse(at(8)) / 1000), maxUses: 2 },
  ...{ gate: 'gate', at: at(0), taken: false, ...changed },
});
const count = (one: PassUse, gateway = 'edge1') =>
  countUse(store.db, { site: north, gateway }, one, clock.nowMs);
const refused = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'done',
    (error: { code?: string; path?: string }) => [error.code, error.path].filter(Boolean).join(' '),
  );
const shown = (text: string, gate = 'gate') =>
  verifyPass(text, { keys: gateKeys(ring), audience: gate, now: clock.nowMs });

describe('a pass', () => {
  it('opens the gates that it names for as long as it says, and no person is in it or in the database', async () => {
    const made = await passes.issue(anna, north, request({ reference: 'WO-4711', address: 'unit-12' }));
    expect(made).toMatchObject({ state: 'valid', uses: 0, issuedBy: 'officer', reference: 'WO-4711' });
    const text = await passes.show(asked(made.id));
    expect(shown(text)).toMatchObject({
      outcome: 'accepted',
      claims: { jti: made.id, iss: north, aud: ['gate'], maxUses: 2, addr: 'unit-12' },
    });
    expect(shown(text, 'stores')).toMatchObject({ reason: 'pass.wrong_audience' });
    const { rows } = await sql<{ row: string }>`select row_to_json(pass)::text as row from pass`.execute(
      store.db,
    );
    expect(rows[0]?.row).not.toContain('WP1:');
    const log = (await entriesAfter(store.db, 0, 1_000)).filter(({ subject }) => subject?.id === made.id);
    expect(log.map(({ action }) => action)).toEqual(['pass_issued', 'pass_shown']);
  });

  it('is issued once for a repeated request, and its id serves no other', async () => {
    const one = request();
    const [first, again] = [await passes.issue(anna, north, one), await passes.issue(anna, north, one)];
    expect(again).toEqual(first);
    clock.nowMs += 60_000;
    expect(await passes.issue(anna, north, one)).toEqual(first);
    expect(await refused(passes.issue(anna, north, { ...one, maxUses: 3 }))).toBe('api.invalid /id');
    expect(await refused(passes.issue(person(), north, one))).toBe('api.invalid /id');
  });

  it.each<[Partial<PassRequest>, string]>([
    [{ gates: ['gate', 'vault'] }, 'pass.gate_unknown /gates/1'],
    [{ notAfter: '2026-11-27T07:59:59.000Z' }, 'pass.period /notAfter'],
    [{ notBefore: '2026-11-27T18:00:00.000Z' }, 'pass.period /notAfter'],
    [{ notAfter: '2027-11-27T07:59:59.000Z' }, 'pass.period /notAfter'],
    [{ maxUses: passPolicy.usesAtMost + 1 }, 'pass.uses_at_most /maxUses'],
  ])('is refused with %j', async (changed, code) => {
    expect(await refused(passes.issue(anna, north, request(changed)))).toBe(code);
    expect((await passes.page(anna, [north], { limit: 10 })).passes).toEqual([]);
  });

  it('of a gate beyond one’s zones is neither issued nor seen, shown or revoked', async () => {
    const narrow = person(['gate']);
    for (const gate of ['stores', 'ramp', 'nowhere'])
      expect(await refused(passes.issue(narrow, north, request({ gates: ['gate', gate] })))).toBe(
        'pass.gate_outside /gates/1',
      );
    expect(passes.gates(narrow, north).gates.map(({ name }) => name)).toEqual(['gate']);
    const [own, other] = [
      await passes.issue(narrow, north, request()),
      await passes.issue(anna, north, request({ gates: ['ramp'] })),
    ];
    const page = await passes.page(narrow, [north], { limit: 10 });
    expect(page.passes.map(({ id }) => id)).toEqual([own.id]);
    for (const attempt of [
      passes.get(asked(other.id, narrow)),
      passes.revoke(asked(other.id, narrow), 'because'),
      passes.link(asked(other.id, narrow)),
      passes.show(asked(other.id, narrow)),
    ])
      expect(await refused(attempt)).toBe('api.not_found');
    expect(passes.gates(anna, siteIdSchema.parse('south')).gates).toEqual([]);
  });

  it('has a link that leads to it until it ends, and no other does', async () => {
    const { id } = await passes.issue(anna, north, request());
    const first = await passes.link(asked(id));
    expect((await passes.get(asked(id))).link).toMatchObject({ openedAt: null });
    const opened = await passes.open(first.token);
    expect(shown(opened.text)).toMatchObject({ outcome: 'accepted' });
    expect((await passes.get(asked(id))).link?.openedAt).toBe(at(0));
    const second = await passes.link(asked(id));
    expect(await refused(passes.open(first.token))).toBe('pass.link_invalid');
    const { rows } = await sql<{ token_hash: string }>`select token_hash from pass_link`.execute(store.db);
    expect(JSON.stringify(rows)).not.toContain(second.token);
    for (const token of ['A'.repeat(43), `${second.token.slice(0, -1)}A`, rows[0]?.token_hash ?? ''])
      if (token !== second.token) expect(await refused(passes.open(token))).toBe('pass.link_invalid');
    expect((await passes.open(second.token)).text).toBe(opened.text);
    clock.nowMs += 8 * hourMs;
    expect(await refused(passes.open(second.token))).toBe('pass.link_invalid');
    expect(await refused(passes.link(asked(id)))).toBe('pass.ended');
  });

  it('that is revoked is told to gateways by the permit, and its link leads nowhere', async () => {
    const { id } = await passes.issue(anna, north, request());
    const { token } = await passes.link(asked(id));
    const before = use(id);
    await count(before);
    const revoked = await passes.revoke(asked(id), 'cancelled');
    expect(revoked).toMatchObject({ state: 'revoked', revoked: { by: 'officer', reason: 'cancelled' } });
    await governance.stop();
    expect(permits.published.get(north)).toEqual({
      ...{ gallery: null, withdrawn: [], erase: [], revokedPasses: [id] },
    });
    expect(await refused(passes.open(token))).toBe('pass.link_invalid');
    // Neither does a question that is repeated, whose answer was lost before.
    for (const one of [use(id), before])
      expect(await count(one)).toEqual({ outcome: 'refused', reason: 'revoked' });
    expect(await passes.revoke(asked(id), 'again')).toEqual(revoked);
  });

  it('out of a backup is held: no gate takes it, and nothing shows it, until somebody confirms it', async () => {
    const [kept, other, ended] = [
      await passes.issue(anna, north, request()),
      await passes.issue(anna, north, request({ gates: ['ramp'] })),
      await passes.issue(anna, north, request({ notAfter: at(1) })),
    ];
    await passes.revoke(asked(other.id), 'cancelled');
    clock.nowMs += hourMs;
    expect(await holdPasses(store.db, at(0))).toBe(1);
    expect((await passes.get(asked(kept.id))).state).toBe('held');
    expect((await passes.get(asked(ended.id))).state).toBe('expired');
    const held = await passes.page(anna, [north], { limit: 10, state: 'held' });
    expect(held.passes.map(({ id }) => id)).toEqual([kept.id]);
    expect((await passes.page(anna, [north], { limit: 10, state: 'valid' })).passes).toEqual([]);
    for (const attempt of [passes.show(asked(kept.id)), passes.link(asked(kept.id))])
      expect(await refused(attempt)).toBe('pass.held');
    const later = use(kept.id, { at: at(0) });
    expect(await count(later)).toEqual({ outcome: 'refused', reason: 'revoked' });
    // A gate that had not heard of it told later whom it let in: counted, and no alarm.
    expect(await count(use(kept.id, { taken: true }))).toMatchObject({ outcome: 'counted', over: false });
    governance.passesChanged(north);
    await governance.stop();
    expect(permits.published.get(north)?.revokedPasses).toEqual([other.id, kept.id]);

    const narrow = person(['stores']);
    const who = { person: narrow, sites: [north] };
    expect(await refused(passes.confirm(who, [kept.id]))).toBe('api.not_found /ids/0');
    const mine = { person: anna, sites: [north] };
    expect(await refused(passes.confirm(mine, [kept.id, randomUUID()]))).toMatch(/^api.not_found/);
    expect((await passes.get(asked(kept.id))).state).toBe('held');
    expect(await passes.confirm(mine, [kept.id, other.id])).toBe(1);
    expect(await passes.confirm(mine, [kept.id])).toBe(0);
    expect((await passes.get(asked(kept.id))).state).toBe('valid');
    expect((await passes.get(asked(other.id))).state).toBe('revoked');
    expect(shown(await passes.show(asked(kept.id)))).toMatchObject({ outcome: 'accepted' });
    expect(await count(later)).toMatchObject({ outcome: 'counted', uses: 2 });
    await governance.stop();
    expect(permits.published.get(north)?.revokedPasses).toEqual([other.id]);
    const log = (await entriesAfter(store.db, 0, 1_000)).filter(({ action }) => action === 'pass_confirmed');
    expect(log.map(({ subject }) => subject?.id)).toEqual([kept.id]);
  });

  it('lists page by page, by state and gate', async () => {
    const made = [];
    for (let n = 0; n < 5; n++) {
      clock.nowMs += 1_000;
      made.unshift((await passes.issue(anna, north, request({ gates: [n % 2 ? 'gate' : 'stores'] }))).id);
    }
    await passes.revoke(asked(made[0] ?? ''), 'mistake');
    const first = await passes.page(anna, [north], { limit: 2 });
    const rest = await passes.page(anna, [north], { limit: 10, cursor: first.next ?? '' });
    expect([...first.passes, ...rest.passes].map(({ id }) => id)).toEqual(made);
    const ids = async (query: object) =>
      (await passes.page(anna, [north], { limit: 10, ...query })).passes.map(({ id }) => id);
    expect(await ids({ state: 'revoked' })).toEqual([made[0]]);
    expect(await ids({ gate: 'gate' })).toEqual([made[1], made[3]]);
    expect(await refused(passes.page(anna, [north], { limit: 10, cursor: "';--" }))).toBe(
      'api.invalid /cursor',
    );
  });
});

describe('one count of uses', () => {
  it('gives the last use once when two gateways ask at once', async () => {
    const { id } = await passes.issue(anna, north, request({ maxUses: 1 }));
    const answers = await Promise.all(
      ['edge1', 'edge2', 'edge3'].map((gateway) => count(use(id, { maxUses: 1 }), gateway)),
    );
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['counted', 'refused', 'refused']);
    expect(await passes.get(asked(id))).toMatchObject({ uses: 1, over: 0, state: 'used_up' });
  });

  it('counts a repeat after a lost answer once, and takes an id for one pass only', async () => {
    const [one, other] = [
      await passes.issue(anna, north, request()),
      await passes.issue(anna, north, request()),
    ];
    const first = use(one.id);
    expect(await count(first)).toEqual({ outcome: 'counted', uses: 1, left: 1, over: false });
    expect(await count(first)).toEqual({ outcome: 'counted', uses: 1, left: 1, over: false });
    expect(await count({ ...first, taken: true })).toMatchObject({ uses: 1, over: false });
    expect(await refused(count(use(other.id, { id: first.id })))).toBe('api.invalid /use/id');
    // The same id of another gateway is another use.
    expect(await count(first, 'edge2')).toMatchObject({ uses: 2, left: 0 });
    expect(await count(use(one.id))).toEqual({ outcome: 'refused', reason: 'used_up' });
  });

  it('refuses a proof that was shown at another gate', async () => {
    const { id } = await passes.issue(anna, north, request({ maxUses: 5 }));
    const with5 = (proof: number) => use(id, { maxUses: 5, proof });
    expect(await count(with5(7))).toMatchObject({ outcome: 'counted' });
    expect(await count(with5(7), 'edge2')).toEqual({ outcome: 'refused', reason: 'replayed' });
    expect(await count(with5(8), 'edge2')).toMatchObject({ outcome: 'counted', uses: 2 });
  });

  it('keeps what a gateway let in without an answer, in any order, and tells what was too many', async () => {
    const { id } = await passes.issue(anna, north, request({ maxUses: 1 }));
    clock.nowMs += 2 * hourMs;
    await count(use(id, { maxUses: 1 }));
    const late = use(id, { maxUses: 1, taken: true, at: at(-1) });
    expect(await count(late, 'edge2')).toEqual({ outcome: 'counted', uses: 2, left: 0, over: true });
    expect(await count(late, 'edge2')).toMatchObject({ uses: 2 });
    const pass = await passes.get(asked(id));
    expect(pass).toMatchObject({ uses: 2, over: 1 });
    expect(pass.usesTaken.map(({ gateway, offline, over }) => [gateway, offline, over])).toEqual([
      ['edge1', false, false],
      ['edge2', true, true],
    ]);
    expect((await passes.page(anna, [north], { limit: 10, over: 'true' })).passes).toHaveLength(1);
    const told = (await entriesAfter(store.db, 0, 1_000)).filter(({ action }) => action === 'pass_overused');
    expect(told).toMatchObject([
      { actor: 'system', subject: { id }, details: { gateway: 'edge2', uses: 2, maxUses: 1 } },
    ]);
  });

  it('counts passes of other issuers too, apart from ours', async () => {
    const { id } = await passes.issue(anna, north, request({ maxUses: 1 }));
    const foreign = () => use(id, { iss: 'estate', maxUses: 1 });
    expect(await count(foreign())).toMatchObject({ outcome: 'counted', uses: 1 });
    expect(await count(foreign())).toEqual({ outcome: 'refused', reason: 'used_up' });
    expect((await passes.get(asked(id))).uses).toBe(0);
    // A gateway cannot give a pass of ours more uses than it has.
    await count(use(id, { maxUses: 1_000 }));
    expect(await count(use(id, { maxUses: 1_000 }))).toEqual({ outcome: 'refused', reason: 'used_up' });
  });

  it('is answered at a socket, for sites that are here', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'watchpost-uses-'));
    const path = join(folder, 'uses.sock');
    const socket = await servePassUses(path, { db: store.db, nowMs, sites: new Map([['north', north]]) });
    const { id } = await passes.issue(anna, north, request());
    const ask = (site: string, one: object = use(id)) =>
      askLocally(path, { site, gateway: 'edge1', use: one });
    expect(await ask('north')).toMatchObject({ value: { outcome: 'counted', uses: 1 } });
    expect(await refused(ask('south'))).toBe('api.not_found /site');
    expect(await refused(ask('north', { ...use(id), maxUses: 0 }))).toBe('api.invalid /use/maxUses');
    await socket.stop();
    rmSync(folder, { recursive: true });
  });

  it('is forgotten with its pass, some time after the end of that and not before', async () => {
    const { id } = await passes.issue(anna, north, request({ maxUses: 1, notAfter: at(60 * 24) }));
    await count(use(id, { maxUses: 1, exp: Math.floor(Date.parse(at(60 * 24)) / 1000) }));
    const retain = () => applyRetention(store, new Map([[north, defaultPolicy.keptDays]]), clock.nowMs);
    clock.nowMs += 59 * 24 * hourMs;
    await retain();
    expect(await count(use(id, { maxUses: 1 }))).toEqual({ outcome: 'refused', reason: 'used_up' });
    clock.nowMs += (defaultPolicy.keptDays.passings + 2) * 24 * hourMs;
    await retain();
    expect(await refused(passes.get(asked(id)))).toBe('api.not_found');
    const { rows } = await sql`select id from pass_use`.execute(store.db);
    expect(rows).toEqual([]);
  });
});
