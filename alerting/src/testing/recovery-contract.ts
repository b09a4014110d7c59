import { afterEach, expect, test } from 'vitest';
import { Channels } from '../notify/channels.ts';
import { outboxPolicy } from '../notify/outbox/policy.ts';
import { SmtpChannel } from '../notify/smtp/smtp-channel.ts';
import type { RuleSet } from '../risk/rule-set.ts';
import { MailServer } from './mail-server.ts';
import { NoticeRun } from './notice-run.ts';
import { newEpoch, type StoreRun } from './store-run.ts';
import { candidate } from './test-events.ts';
import { testSecrets } from './test-secrets.ts';

/** Points that are of these severities in the end. */
const bases: Readonly<Record<'critical' | 'high' | 'medium', number>> = {
  critical: 100,
  high: 66,
  medium: 42,
};

/** How notices that wait come through when what they waited for works again. */
export function recoveryContract(run: StoreRun): void {
  const opened: string[] = [];
  let ended: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ended) await end();
    ended = [];
    for (const id of opened.splice(0)) {
      await run.step(id, { to: 'acknowledged' });
      await run.step(id, { to: 'resolved', disposition: 'test' });
      await run.step(id, { to: 'closed' });
    }
  });
  const begin = (): NoticeRun => {
    const tell = new NoticeRun(run);
    ended.push(() => tell.end());
    return tell;
  };
  const open = async (entry: string, severity: keyof typeof bases): Promise<string> => {
    const sketch = candidate('watch', { epoch: newEpoch(), device: 'cam1' });
    const event = run.incoming({ ...sketch, data: { ...sketch.data, entry } } as typeof sketch);
    const rules: RuleSet = {
      ...run.alwaysAlerting,
      ruleFor: (one) => ({ ...run.alwaysAlerting.ruleFor(one), base: bases[severity], armed: 0 }),
    };
    const { alerts } = await run.commit([event], rules);
    const [alert] = alerts;
    expect(alert?.severity).toBe(severity);
    const id = alert?.id ?? '';
    opened.push(id);
    return id;
  };

  test('a mail server that takes mails again gets all that waits for it at once, the gravest and then the oldest first', async () => {
    const tell = begin();
    const server = await new MailServer({ authOptional: true }).start();
    ended.push(() => server.stop());
    const mail = {
      ...({ host: '127.0.0.1', security: 'none', from: 'alarm@watch.example' } as const),
      port: server.port,
    };
    const sender = tell.newSender(new Channels([new SmtpChannel(mail, testSecrets({}))]));
    const send = async () => {
      for (let before = -1; before !== server.connections; ) {
        before = server.connections;
        await sender.look();
        await sender.sent();
      }
    };
    const post = { kind: 'smtp', to: 'post@watch.example' } as const;
    const guard = { kind: 'smtp', to: 'guard@watch.example' } as const;
    await tell.receiver('post', undefined, { address: post });
    await tell.receiver('guard', ['high', 'medium'], { address: guard });
    server.behaviour = 'fails';
    const medium = await open('recovery-1', 'medium');
    const alsoMedium = await open('recovery-2', 'medium');
    // Long enough for pauses of minutes.
    for (let passed = 0; passed < 200; passed++) {
      tell.sleep(1_000);
      await send();
    }
    expect(server.mails).toEqual([]);
    const high = await open('recovery-3', 'high');
    await send();
    server.behaviour = 'takes';
    // A first critical does not wait for the pause that the failures made: it shows that the server works.
    const critical = await open('recovery-4', 'critical');
    await send();
    const { rows } = { rows: await run.store.db.selectFrom('notice').selectAll().execute() };
    const subjects = new Map(rows.map(({ id, subject }) => [id, subject]));
    const told = (to: string) =>
      server.mails
        .filter((one) => one.to.includes(to))
        .map(({ headers }) => subjects.get(/<([^@]+)@/.exec(headers.get('message-id') ?? '')?.[1] ?? ''));
    expect(told(post.to)).toEqual([critical, high, medium, alsoMedium]);
    // Nobody told this one of the critical: that the other was told is what it was tried for.
    expect(told(guard.to)).toEqual([high, medium, alsoMedium]);
  });

  test('a pause that a receiver asked for is kept, whatever its server does for others, and one that fails by itself is not hurried without end', async () => {
    const tell = begin();
    const { channels } = tell;
    const at = (name: string) => `https://shared.example/${name}`;
    const address = (name: string) => ({ kind: 'webhook', url: at(name), key: 'hook' }) as const;
    const severities = ['critical', 'high', 'medium', 'low'] as const;
    for (const name of ['asks', 'busy', 'breaks', 'fine'])
      await tell.receiver(name, severities, { address: address(name) });
    channels.answer(at('asks'), () => ({ outcome: 'retry', code: 'notify.throttled', afterMs: 600_000 }));
    // 503 with Retry-After.
    channels.answer(at('busy'), () => ({
      ...({ outcome: 'retry', code: 'notify.receiver_failed', afterMs: 600_000 } as const),
    }));
    channels.answer(at('breaks'), () => ({ outcome: 'retry', code: 'notify.receiver_failed' }));
    const tries = (name: string) => channels.tried.filter(({ url }) => url === at(name)).length;
    await open('asked', 'medium');
    await tell.pass(300_000);
    const before = tries('breaks');
    for (let index = 0; index < 11; index++) {
      await open(`asked-${index}`, 'medium');
      await tell.pass(outboxPolicy.hurriedApartMs / 5);
    }
    expect([tries('asks'), tries('busy'), tries('fine')]).toEqual([1, 1, 12]);
    // Eleven successes beside it, within 66 s.
    expect(tries('breaks') - before).toBeLessThanOrEqual(5);
  });
}
