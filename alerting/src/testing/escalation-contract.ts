import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { EscalationRun } from './escalation-run.ts';
import type { StoreRun } from './store-run.ts';

const rota = '7b0f4f5e-9e0a-4c86-8f4b-0a2a55a4a001';

/** How every store tells people by steps until somebody takes care. */
export function escalationContract(run: StoreRun): void {
  let people: EscalationRun | undefined;
  const begin = () => {
    people = new EscalationRun(run);
    return people;
  };
  afterEach(async () => {
    await people?.end();
    people = undefined;
  });
  const receiver = (id: string) => ({ kind: 'receiver' as const, receiver: id });
  const person = (account: string) => ({ kind: 'person' as const, account });
  const byRota = { kind: 'rota' as const, rota };
  const forEver = { repeat: { everySeconds: 300, times: null } };
  const runOf = (subject: string) =>
    run.store.db.selectFrom('escalation').selectAll().where('subject', '=', subject).executeTakeFirst();

  test('15: an incident goes by the policy with which it opened, and who is on duty is asked at the step', async () => {
    const all = begin();
    const [anna, bert, post] = [
      await all.person('anna'),
      await all.person('bert'),
      await all.notices.receiver('post', []),
    ];
    const id = await all.policy([
      [0, [byRota]],
      [5, [byRota]],
      [5, [receiver(post)], forEver],
    ]);
    all.onDuty.set(rota, anna);
    const incident = await all.open();
    await all.pass(1);
    expect(all.notices.told('anna')).toEqual([`opened ${incident}`]);
    // Edited meanwhile: what is open keeps its steps. The shift changes: the step asks anew.
    await all.policy([[0, [receiver(post)]]], id);
    all.onDuty.set(rota, bert);
    await all.pass(4.5);
    expect([all.notices.told('bert'), all.notices.told('post')]).toEqual([[`opened ${incident}`], []]);
    await all.pass(5);
    expect(all.notices.told('post')).toEqual([`opened ${incident}`]);
    await all.pass(10);
    expect(all.notices.told('post')).toEqual([
      ...[`opened ${incident}`, `reminder ${incident}`, `reminder ${incident}`],
    ]);
    expect(all.notices.told('anna')).toHaveLength(1);
  });

  test('25: a silent alarm reaches nobody for whom its zone does not exist', async () => {
    const all = begin();
    const [anna, post] = [await all.person('anna'), await all.notices.receiver('post', [])];
    const row = { account: await all.accountOf(anna), site: run.site, role: 'officer' as const };
    await run.store.db
      .insertInto('account_site')
      .values({ ...row, zones: ['stores'] })
      .execute();
    await all.policy([[0, [person(anna), receiver(post)], forEver]]);
    const incident = await all.open();
    await all.change(incident, { details: { silent: true } });
    await all.pass(6);
    expect(all.notices.told('anna')).toEqual([]);
    expect(all.notices.told('post')).toEqual([`opened ${incident}`, `reminder ${incident}`]);
    // What is not silent is told to whoever the steps name.
    const other = await all.open();
    await all.pass(1);
    expect(all.notices.told('anna')).toEqual([`opened ${other}`]);
  });

  test('15: a rise and a return go through the steps with which the incident opened, not those of now', async () => {
    const all = begin();
    const [first, edited] = [
      await all.notices.receiver('first', []),
      await all.notices.receiver('edited', []),
    ];
    const id = await all.policy([[0, [receiver(first)], forEver]]);
    const incident = await all.open('medium');
    await all.pass(1);
    await all.policy([[0, [receiver(edited)], forEver]], id);
    await all.change(incident, { severity: 'critical' });
    await all.pass(1);
    await run.step(incident, { to: 'acknowledged' });
    await all.change(incident, { state: 'open', acknowledgedBy: null });
    await all.pass(1);
    expect([all.notices.told('first'), all.notices.told('edited')]).toEqual([
      [`opened ${incident}`, `updated ${incident}`, `updated ${incident}`],
      [],
    ]);
  });

  test('5: an acknowledgement stops all paging at once: steps, what waits, and what a limit holds back', async () => {
    const all = begin();
    const slow = await all.notices.receiver('slow', [], { cap: 1 });
    const broken = await all.notices.receiver('broken', []);
    all.notices.channels.answer('https://broken.example/', () => ({
      ...{ outcome: 'retry' as const, code: 'notify.receiver_failed' as const },
    }));
    await all.policy([[0, [receiver(slow), receiver(broken)], forEver]]);
    const first = await all.open();
    const second = await all.open();
    await all.pass(6);
    const tried = () => all.notices.channels.tried.length;
    const waiting = async (subject: string) =>
      (
        await run.store.db
          .selectFrom('notice')
          .select('state')
          .where('subject', '=', subject)
          .where('state', 'in', ['waiting', 'sending'])
          .execute()
      ).length;
    expect(await waiting(second)).toBeGreaterThan(1);
    for (const id of [first, second]) await run.step(id, { to: 'acknowledged' });
    expect([await waiting(first), await waiting(second)]).toEqual([0, 0]);
    const before = tried();
    await all.pass(20);
    expect(tried()).toBe(before);
  });

  test('5: a notice that is on its way when somebody acknowledges is not tried once more', async () => {
    const all = begin();
    const post = await all.notices.receiver('post', []);
    await all.policy([[0, [receiver(post)], forEver]]);
    const id = await all.open();
    all.notices.channels.answer('https://post.example/', async () => {
      await run.step(id, { to: 'acknowledged' });
      return { outcome: 'retry', code: 'notify.timeout' };
    });
    await all.pass(10);
    expect(all.notices.told('post')).toEqual([`opened ${id}`]);
  });

  test('6: a forgotten acknowledgement comes back: a reminder, then it is taken back and the steps go on', async () => {
    const all = begin();
    const anna = await all.person('anna');
    const [first, second] = [
      await all.notices.receiver('first', []),
      await all.notices.receiver('second', []),
    ];
    await all.policy([
      [0, [receiver(first)]],
      [5, [receiver(second)], forEver],
    ]);
    const id = await all.open();
    await all.pass(1);
    await run.step(id, { to: 'acknowledged' }, await all.accountOf(anna), all.notices.nowMs);
    await all.pass(29);
    expect([all.notices.told('anna'), all.notices.told('second')]).toEqual([[], []]);
    await all.pass(2);
    expect(all.notices.told('anna')).toEqual([`reminder ${id}`]);
    expect(all.notices.channels.tried.at(-1)?.notice.body).toMatch(/^You took this and it is not settled/);
    await all.pass(15);
    const alert = await run.store.db
      .selectFrom('alert')
      .select(['state', 'acknowledged_by'])
      .where('id', '=', id)
      .executeTakeFirst();
    expect(alert).toEqual({ state: 'open', acknowledged_by: null });
    // On with the step that was next, not from the beginning; who knew of it is told that it is open again.
    expect(all.notices.told('second')).toEqual([`opened ${id}`]);
    expect(all.notices.told('first')).toEqual([`opened ${id}`, `updated ${id}`]);
  });

  test('6: whoever goes on working on it has not forgotten it', async () => {
    const all = begin();
    const post = await all.notices.receiver('post', []);
    await all.policy([[0, [receiver(post)], forEver]]);
    const id = await all.open();
    await all.pass(1);
    await run.step(id, { to: 'acknowledged' });
    await all.pass(29);
    await run.step(id, { to: 'in_progress' });
    await all.pass(29);
    expect(all.notices.told('post')).toEqual([`opened ${id}`]);
    expect((await runOf(id))?.state).toBe('acknowledged');
  });

  test('4: a rise takes an acknowledgement’s place and begins again with the first step', async () => {
    const all = begin();
    const [first, second] = [
      await all.notices.receiver('first', []),
      await all.notices.receiver('second', []),
    ];
    await all.policy([
      [0, [receiver(first)]],
      [5, [receiver(second)], forEver],
    ]);
    const id = await all.open('medium');
    await all.pass(6);
    await run.step(id, { to: 'acknowledged' });
    await all.change(id, { severity: 'critical', state: 'open', acknowledgedBy: null });
    await all.pass(1);
    expect(all.notices.told('first')).toEqual([`opened ${id}`, `updated ${id}`]);
    await all.pass(5);
    expect(all.notices.told('second').at(-1)).toBe(`reminder ${id}`);
  });

  test('7: a late acknowledgement revives nothing, and a repeat of one stops nothing twice', async () => {
    const all = begin();
    const post = await all.notices.receiver('post', []);
    await all.policy([[0, [receiver(post)], forEver]]);
    const id = await all.open();
    await all.pass(1);
    const request = { id: randomUUID(), to: 'acknowledged' as const };
    await run.step(id, request);
    const version = (await runOf(id))?.version;
    await run.step(id, request);
    expect((await runOf(id))?.version).toBe(version);
    await run.step(id, { to: 'resolved', disposition: 'test' });
    await expect(run.step(id, { to: 'acknowledged' })).rejects.toMatchObject({ code: 'alert.transition' });
    await all.pass(60);
    expect([(await runOf(id))?.state, all.notices.told('post')]).toEqual([
      ...['over', [`opened ${id}`, `cleared ${id}`]],
    ]);
  });

  test('8: what is over is told to those whom steps told, and to nobody whom they would have told', async () => {
    const all = begin();
    const [first, later] = [await all.notices.receiver('first', []), await all.notices.receiver('later', [])];
    await all.policy([
      [0, [receiver(first)]],
      [30, [receiver(later)], forEver],
    ]);
    const id = await all.open();
    await all.pass(1);
    for (const to of ['acknowledged', 'resolved'] as const) await run.step(id, { to, disposition: 'test' });
    await all.pass(60);
    expect(all.notices.told('first')).toEqual([`opened ${id}`, `cleared ${id}`]);
    expect(all.notices.told('later')).toEqual([]);
  });

  test('a step that reaches nobody is a fault, and the next one does not wait for it', async () => {
    const all = begin();
    const unverified = await all.person('unverified', false);
    const post = await all.notices.receiver('post', []);
    await all.policy([
      [0, [byRota]],
      [10, [person(unverified)]],
      [10, [receiver(post)], forEver],
    ]);
    const id = await all.open();
    await all.pass(0.5);
    expect(all.notices.told('post')).toEqual([`opened ${id}`]);
    await all.auditor.look();
    expect(all.faults).toEqual(['escalation.nobody']);
    await run.step(id, { to: 'acknowledged' });
    await all.auditor.look();
    expect(all.faults).toEqual([]);
  });

  test('a policy that reaches nobody at all tells who stands in for others', async () => {
    const all = begin();
    await all.notices.receiver('stand-in', [], { isFallback: true });
    await all.policy([
      [0, [byRota]],
      [1, [byRota], forEver],
    ]);
    const id = await all.open();
    await all.pass(0.5);
    expect(all.notices.told('stand-in')).toEqual([`opened ${id}`]);
    const anna = await all.person('anna');
    all.onDuty.set(rota, anna);
    await all.pass(5);
    expect(all.notices.told('anna')).toEqual([`opened ${id}`]);
  });

  test('16: the auditor finds a step that is overdue, a step that is lost and a notice that nobody sends', async () => {
    const all = begin();
    const post = await all.notices.receiver('post', []);
    await all.policy([[0, [receiver(post)], forEver]]);
    const id = await all.open();
    await all.auditor.look();
    expect(all.faults).toEqual([]);
    // Nobody does any work.
    all.notices.sleep(3 * 60_000);
    await all.auditor.look();
    expect(all.faults).toEqual(['escalation.overdue']);
    await all.pass(0);
    await all.auditor.look();
    expect(all.faults).toEqual([]);
    const mine = { site: run.site, key: id } as const;
    await run.store.db.deleteFrom('due').where('site', '=', mine.site).where('key', '=', id).execute();
    all.notices.sleep(6 * 60_000);
    await all.auditor.look();
    expect(all.faults).toEqual(['escalation.step_lost']);
    await all.pass(0);
    expect(all.notices.told('post')).toEqual([`opened ${id}`, `reminder ${id}`]);
    await all.auditor.look();
    expect(all.faults).toEqual([]);
    // The step is taken and its notice is not sent.
    all.notices.sleep(5 * 60_000);
    await all.worker.look();
    all.notices.sleep(3 * 60_000);
    await all.auditor.look();
    expect(all.faults).toEqual(['escalation.overdue']);
  });
}
