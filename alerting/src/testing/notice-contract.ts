import type { Alert, Severity } from '@watchpost/contracts/alert';
import { afterEach, expect, test } from 'vitest';
import { revise } from '../alerts/alert-revision.ts';
import { entriesOf } from '../alerts/change-entry.ts';
import { outboxPolicy } from '../notify/outbox/policy.ts';
import { lockAlert, updateAlert } from '../store/alert-store.ts';
import { NoticeRun } from './notice-run.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate } from './test-events.ts';

/** How every store tells people of alerts. */
export function noticeContract(run: StoreRun): void {
  let notices: NoticeRun | undefined;
  const begin = () => {
    notices = new NoticeRun(run);
    return notices;
  };
  const opened: string[] = [];
  /** Changes an alert as something would that has no place here. */
  const change = async (id: string, parts: Partial<Alert>): Promise<void> => {
    await run.store.changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, run.site, id);
      if (!alert) throw new Error('no alert');
      const after = revise(alert, parts, new Date().toISOString());
      await updateAlert(tx, after);
      await append(entriesOf(alert, after, []));
    });
  };
  const event = (entry: string) => {
    const sketch = candidate('watch', { epoch: newEpoch(), device: 'cam1' });
    return run.incoming({ ...sketch, data: { ...sketch.data, entry } } as typeof sketch);
  };
  /** Opens an alert of its own and lets it have a severity. */
  const open = async (entry: string, severity?: Severity): Promise<string> => {
    const { alerts } = await run.commit([event(entry)], run.alwaysAlerting);
    const id = alerts[0]?.id ?? '';
    opened.push(id);
    if (severity && alerts[0]?.severity !== severity) await change(id, { severity });
    return id;
  };
  const settle = async (id: string) => {
    for (const to of ['acknowledged', 'resolved'] as const) await run.step(id, { to, disposition: 'test' });
  };
  const statesOf = async (subject: string) =>
    (
      await run.store.db
        .selectFrom('notice')
        .select(['kind', 'state', 'attempts', 'code'])
        .where('subject', '=', subject)
        .orderBy('seq')
        .execute()
    ).map(({ kind, state }) => `${kind} ${state}`);
  afterEach(async () => {
    await notices?.end();
    for (const id of opened.splice(0)) {
      const { rows } = {
        rows: await run.store.db.selectFrom('alert').select('state').where('id', '=', id).execute(),
      };
      const state = rows[0]?.state;
      if (state === 'open') await run.step(id, { to: 'acknowledged' });
      if (state === 'open' || state === 'acknowledged')
        await run.step(id, { to: 'resolved', disposition: 'test' });
      if (state !== 'closed') await run.step(id, { to: 'closed' });
    }
  });

  test('3: the first notice goes at once; further events are no news, a rise in severity is', async () => {
    const tell = begin();
    await tell.receiver('post');
    const id = await open('rise');
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${id}`]);
    for (let round = 0; round < 3; round++) await run.commit([event('rise')], run.alwaysAlerting);
    await run.step(id, { reason: 'a note' });
    await tell.pass(5_000);
    expect(tell.told('post')).toEqual([`opened ${id}`]);
    await change(id, { severity: 'critical' });
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${id}`, `updated ${id}`]);
  });

  test('4: an acknowledgement that is taken back tells again', async () => {
    const tell = begin();
    await tell.receiver('post');
    const id = await open('again');
    await tell.send();
    await run.step(id, { to: 'acknowledged' });
    await tell.send();
    await change(id, { state: 'open', acknowledgedBy: null });
    await tell.send();
    expect(tell.told('post')).toEqual([`opened ${id}`, `updated ${id}`]);
  });

  test('8: “over” is told once, to exactly those who were told “on”', async () => {
    const tell = begin();
    await tell.receiver('told');
    await tell.receiver('others', []);
    await tell.receiver('away');
    tell.channels.answer('https://away.example/', () => ({ outcome: 'retry', code: 'notify.unreachable' }));
    const id = await open('over');
    await tell.send();
    await tell.receiver('newcomer');
    await settle(id);
    await run.step(id, { to: 'closed' });
    await tell.pass(120_000, 10_000);
    expect(tell.told('told')).toEqual([`opened ${id}`, `cleared ${id}`]);
    expect([tell.told('others'), tell.told('newcomer')]).toEqual([[], []]);
    // What nobody took is not tried any more once the alert is over.
    expect(new Set(tell.told('away'))).toEqual(new Set([`opened ${id}`]));
    // Both first notices are of one version: their order says nothing.
    const [one = '', other = '', ...rest] = await statesOf(id);
    expect([one, other].sort()).toEqual(['opened lapsed', 'opened sent']);
    expect(rest).toEqual(['cleared sent']);
    await run.step(id, { to: 'open' });
    await tell.send();
    await settle(id);
    await tell.send();
    expect(tell.told('told').slice(2)).toEqual([`updated ${id}`, `cleared ${id}`]);
  });

  test('18: a receiver that is broken, hangs or refuses stops no other', async () => {
    const tell = begin();
    for (const name of ['hangs', 'fails', 'refuses', 'fine']) await tell.receiver(name);
    const hanging = Promise.withResolvers<void>();
    const { channels } = tell;
    channels.answer('https://hangs.example/', async () => {
      await hanging.promise;
      return { outcome: 'retry', code: 'notify.timeout' };
    });
    channels.answer('https://fails.example/', () => ({ outcome: 'retry', code: 'notify.receiver_failed' }));
    channels.answer('https://refuses.example/', () => ({ outcome: 'refused', code: 'notify.credentials' }));
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) ids.push(await open(`broken-${index}`));
    for (let round = 0; round < 400 && tell.told('fine').length < 12; round++) {
      await tell.sender.look();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(tell.told('fine').sort()).toEqual(ids.map((id) => `opened ${id}`).sort());
    expect([tell.told('hangs').length, tell.told('fails').length]).toEqual([1, 1]);
    hanging.resolve();
    await tell.sender.sent();
    await tell.sender.stop();
  });

  test('19: a limit never delays a first critical; what it holds back comes as one message that says so', async () => {
    const tell = begin();
    await tell.receiver('robot', ['critical', 'high', 'medium', 'low'], { cap: 2 });
    const minor: string[] = [];
    for (let index = 0; index < 5; index++) minor.push(await open(`minor-${index}`, 'medium'));
    await tell.send();
    expect(tell.told('robot')).toHaveLength(2);
    const critical = await open('grave', 'critical');
    await tell.send();
    expect(tell.told('robot').at(-1)).toBe(`updated ${critical}`);
    expect(tell.told('robot')).toHaveLength(3);
    await tell.pass(outboxPolicy.capWindowMs + 2_000, 30_000);
    const { tried } = tell.channels;
    expect(tried).toHaveLength(4);
    expect(tried.at(-1)?.notice.title).toContain('3 alerts');
    expect(tried.at(-1)?.notice.body).toMatch(/^Held back until \d\d:\d\d by/);
    for (const id of minor) expect(await statesOf(id)).toContain('opened sent');
    await settle(minor[4] ?? '');
    await tell.pass(outboxPolicy.capWindowMs, 60_000);
    expect(tell.told('robot').at(-1)).toBe(`cleared ${minor[4]}`);
  });

  test('a notice whose sender is killed in the middle is sent once more, under the same id', async () => {
    const tell = begin();
    await tell.receiver('post');
    const id = await open('killed');
    const sent: string[] = [];
    const killed = tell.newSender({
      send: async (notice) => {
        sent.push(notice.id);
        return new Promise(() => undefined);
      },
    });
    await killed.look();
    await expect.poll(() => sent).toHaveLength(1);
    await tell.send();
    expect(tell.told('post')).toEqual([]);
    tell.sleep(outboxPolicy.leaseMs + 1);
    await tell.send();
    await tell.pass(120_000, 10_000);
    expect(tell.channels.tried.map(({ notice }) => notice.id)).toEqual(sent);
    expect(await statesOf(id)).toEqual(['opened sent']);
  });

  test('where one process sends, what it was sending when it was killed is sent at its next start', async () => {
    const tell = begin();
    await tell.receiver('post');
    const id = await open('restart');
    const late = Promise.withResolvers<void>();
    const killed = tell.newSender({
      send: async () => {
        await late.promise;
        return { outcome: 'refused', code: 'notify.refused' };
      },
    });
    await killed.look();
    const next = tell.newSender(tell.channels, true);
    await next.look();
    await next.sent();
    expect(tell.told('post')).toEqual([`opened ${id}`]);
    // Whoever had it before changes nothing any more.
    late.resolve();
    await killed.sent();
    expect(await statesOf(id)).toEqual(['opened sent']);
  });

  test('a receiver that asks for a pause gets it, others fail with growing ones, until the alert is over', async () => {
    const tell = begin();
    await tell.receiver('throttles');
    await tell.receiver('fails');
    const { channels } = tell;
    channels.answer('https://throttles.example/', () =>
      channels.tried.filter(({ url }) => url.includes('throttles')).length < 2
        ? { outcome: 'retry', code: 'notify.throttled', afterMs: 90_000 }
        : { outcome: 'sent' },
    );
    channels.answer('https://fails.example/', () => ({ outcome: 'retry', code: 'notify.receiver_failed' }));
    const id = await open('pauses');
    await tell.send();
    await tell.pass(88_000);
    expect(tell.told('throttles')).toHaveLength(1);
    await tell.pass(4_000);
    expect(tell.told('throttles')).toHaveLength(2);
    // 1, 2, 4, 8, 16, 32 s.
    expect(tell.told('fails')).toHaveLength(7);
    await settle(id);
    await tell.pass(900_000, 60_000);
    expect(tell.told('fails').length).toBeLessThanOrEqual(8);
  });

  test('what a receiver refuses goes to the one that stands in, and is a fault until something comes through', async () => {
    const tell = begin();
    await tell.receiver('wrong');
    await tell.receiver('stand-in', [], { isFallback: true });
    const { channels } = tell;
    channels.answer('https://wrong.example/', () => ({ outcome: 'refused', code: 'notify.credentials' }));
    const id = await open('refused');
    await tell.send();
    expect([tell.told('wrong'), tell.told('stand-in')]).toEqual([[`opened ${id}`], [`opened ${id}`]]);
    expect([tell.faults, tell.sender.state.faults]).toEqual([['notify.credentials'], ['notify.credentials']]);
    channels.answer('https://wrong.example/', () => ({ outcome: 'sent' }));
    const next = await open('mended');
    await tell.send();
    expect([tell.told('wrong').at(-1), tell.faults]).toEqual([`opened ${next}`, []]);
    await settle(id);
    await tell.send();
    expect([tell.told('wrong').includes(`cleared ${id}`), tell.told('stand-in').at(-1)]).toEqual([
      false,
      `cleared ${id}`,
    ]);
  });

  test('alerts that were there before somebody was to be told page nobody, nor do changes that were taken back', async () => {
    const before = await open('before');
    const tell = begin();
    await tell.receiver('post');
    await run.commit([event('before')], run.alwaysAlerting);
    const broken = run.store.changes.commit(async (tx, append) => {
      const alert = await lockAlert(tx, run.site, before);
      if (alert) await append(entriesOf(undefined, alert, []));
      throw new Error('taken back');
    });
    await expect(broken).rejects.toThrow('taken back');
    await settle(before);
    await tell.pass(5_000);
    expect(tell.channels.tried).toEqual([]);
  });

  test('a clock that is set back keeps nobody waiting, and one that is set forward hurries no pause', async () => {
    const tell = begin();
    await tell.receiver('fails');
    let tries = 0;
    tell.channels.answer('https://fails.example/', () =>
      ++tries === 1 ? { outcome: 'retry', code: 'notify.throttled', afterMs: 60_000 } : { outcome: 'sent' },
    );
    await open('clock');
    await tell.send();
    tell.set(2 * 3_600_000);
    await tell.pass(30_000);
    expect(tries).toBe(1);
    tell.set(-4 * 3_600_000);
    await tell.pass(32_000);
    expect(tries).toBe(2);
  });

  test('a notice says what, where, since when, whether it still holds and what to do, in the language of the receiver', async () => {
    const tell = begin();
    await tell.receiver('english');
    await tell.receiver('chinese', ['critical', 'high', 'medium', 'low'], { language: 'zh-CN' });
    const id = await open('text');
    await tell.send();
    const text = (name: string) => tell.channels.tried.find(({ url }) => url.includes(name))?.notice;
    expect(text('english')).toMatchObject({
      title: 'Watch-list candidate – to be confirmed by a person, Gate',
      link: `https://watch.example/sites/${run.site}/alerts/${id}`,
    });
    expect(text('english')?.body).toMatch(/^Where: Gate, Device cam1\nSince: \d\d:\d\d\nCause still present/);
    expect(text('chinese')?.title).toMatch(/，大门$|, 大门$/);
    expect(text('chinese')?.body).toMatch(/^位置：大门，设备 cam1\n开始时间：\d\d:\d\d\n/);
  });

  test('quiet hours hold back what is not critical, until their end; a critical one breaks them', async () => {
    const tell = begin();
    const wallTime = (ms: number) =>
      new Intl.DateTimeFormat('sv-SE', {
        ...{ timeZone: run.directory.site.timeZone, hour: '2-digit', minute: '2-digit' },
      }).format(new Date(ms));
    const hourMs = 3_600_000;
    const quiet = { from: wallTime(tell.nowMs - hourMs), to: wallTime(tell.nowMs + hourMs) };
    await tell.receiver('sleeper', undefined, { quiet });
    const high = await open('quiet-high', 'high');
    await tell.pass(5_000);
    expect(tell.told('sleeper')).toEqual([]);
    const critical = await open('quiet-critical', 'critical');
    await tell.send();
    expect(tell.told('sleeper').map((one) => one.split(' ')[1])).toEqual([critical]);
    await tell.pass(hourMs + 60_000, 60_000);
    const subjects = tell.told('sleeper').map((one) => one.split(' ')[1]);
    expect(subjects).toContain(high);
    expect(tell.channels.tried.find(({ notice }) => notice.subject === high)?.notice.body).toContain(
      'Held back until',
    );
  });

  test('a message names those of before that the same receiver took, with their times', async () => {
    const tell = begin();
    await tell.receiver('follower');
    const id = await open('follows', 'high');
    await tell.send();
    await settle(id);
    await tell.send();
    const mine = tell.channels.tried.filter(({ notice }) => notice.subject === id);
    const [first, last] = [mine[0]?.notice, mine.at(-1)?.notice];
    expect([first?.follows, last?.follows]).toEqual([undefined, [{ id: first?.id, at: first?.at }]]);
  });
}
