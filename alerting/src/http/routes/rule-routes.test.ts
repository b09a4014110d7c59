import { replayAnswerSchema, rulesViewSchema } from '@watchpost/contracts/api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ReplayJobs } from '../../replay/replay-command.ts';
import { codeOf } from '../../testing/http-client.ts';
import { HttpSite } from '../../testing/http-site.ts';
import { forgedPass, smokeAlarm, wireEvent } from '../../testing/test-events.ts';

let site: HttpSite;
beforeAll(async () => {
  site = await HttpSite.open();
  const at = (seq: number) => ({
    seq,
    epoch: 'e'.repeat(32),
    time: new Date(site.clock.nowMs).toISOString(),
  });
  await site.take([wireEvent(smokeAlarm(at(1))), wireEvent(forgedPass(at(2)))]);
});
afterAll(() => site.close());

const window = () => ({
  from: new Date(site.clock.nowMs - 3_600_000).toISOString(),
  to: new Date(site.clock.nowMs + 3_600_000).toISOString(),
});
const never = {
  ...{ version: 1, extends: 'wp-1' },
  events: { 'pass.rejected': { signature: { alert: 'never' } } },
};
const ask = (body: object, role: 'integrator' | 'officer' = 'integrator') =>
  site.ask('POST', '/api/v1/rules/replay', role, { ...window(), ...body });

it('a rule set that is tried says what it would have changed, and changes nothing', async () => {
  const before = (await site.ask('GET', '/api/v1/alerts', 'officer')).json();
  const answer = replayAnswerSchema.parse((await ask({ rules: never })).json());
  const { alerts, estimated } = answer;
  expect(alerts.before - alerts.after).toBe(1);
  expect(alerts).toMatchObject({ same: alerts.after, vanish: 1, appear: 0, change: 0 });
  expect(estimated).toBe(0);
  expect(answer.differences).toMatchObject([
    { what: 'vanishes', kind: 'watchpost.pass.rejected.v1/signature' },
  ]);
  expect((await site.ask('GET', '/api/v1/alerts', 'officer')).json()).toEqual(before);
});

it('the rules in force are shown to who edits the site', async () => {
  const view = rulesViewSchema.parse((await site.ask('GET', '/api/v1/rules', 'integrator')).json());
  expect(view).toMatchObject({ site: 'test', ruleSet: 'wp-1', file: null });
  expect(view.rules).toContainEqual({
    ...{ event: 'pass.rejected', kind: 'signature', lifeSafety: false },
    builtIn: { base: 58, armed: 0, alert: 'always' },
    inForce: { base: 58, armed: 0, alert: 'always' },
  });
  expect((await site.ask('GET', '/api/v1/rules', 'officer')).statusCode).toBe(403);
});

it('is refused to who may not edit the site, for rules with a mistake and for windows that are none', async () => {
  expect((await ask({ rules: 'built_in' }, 'officer')).statusCode).toBe(403);
  const wrong = await ask({ rules: { ...never, context: { zone: 900 } } });
  expect([wrong.statusCode, codeOf(wrong)]).toEqual([400, 'api.invalid']);
  const ended = await ask({ rules: 'in_force', to: window().from });
  expect([ended.statusCode, codeOf(ended)]).toEqual([400, 'replay.window']);
});

it('for a command goes on from question to question, one at a time', async () => {
  const jobs = new ReplayJobs(site.options().replays);
  const order = { command: 'replay', site: 'test', ...window(), rules: never, id: 'tried@0' };
  const [first, second] = await Promise.allSettled([jobs.answer(order), jobs.answer(order)]);
  expect(second).toMatchObject({ reason: { code: 'replay.busy' } });
  expect(first).toMatchObject({ value: { answer: { ruleSet: 'tried@0', alerts: { vanish: 1 } } } });
  await expect(jobs.answer({ command: 'replay', job: crypto.randomUUID() })).rejects.toMatchObject({
    code: 'api.not_found',
  });
  await expect(jobs.answer({ ...order, site: 'nowhere' })).rejects.toMatchObject({ code: 'api.not_found' });
  jobs.stop();
});
