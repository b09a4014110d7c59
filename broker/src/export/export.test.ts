import { expect, test } from 'vitest';
import { topicTableRules } from '../access/authorisation.ts';
import { Broker } from '../broker-service.ts';
import { everybody, identity } from '../broker-testing.ts';
import { emqxAcl } from './emqx.ts';
import { exportedFiles, exportTargets } from './exported-files.ts';
import { natsSubject } from './nats.ts';
import { actualOutcomes, connectTo, contractUsers, expectedOutcomes } from './rules-contract.ts';

test('the contract asks for both: what is allowed and what is not', () => {
  const passed = expectedOutcomes.filter((each) => each.passed).length;
  expect(passed).toBeGreaterThan(15);
  expect(expectedOutcomes.length - passed).toBeGreaterThan(100);
});

test('our broker does what the topic table says', async () => {
  const observer = { kind: 'demo', name: 'observer', site: 'demo' } as const;
  const { mayPublish, maySubscribe, mayReceive } = topicTableRules;
  const broker = await Broker.create(
    { port: 0, identities: [...everybody, identity(observer)] },
    {
      mayPublish: (who, topic, retain) => who.name === 'observer' || mayPublish(who, topic, retain),
      maySubscribe: (who, filter) => who.name === 'observer' || maySubscribe(who, filter),
      mayReceive: (who, topic) => who.name === 'observer' || mayReceive(who, topic),
    },
  );
  await broker.start();
  expect(await actualOutcomes({ connect: connectTo(broker.port) })).toEqual(expectedOutcomes);
  await broker.stop();
});

test('EMQX gets one line for each user and action, and a last line that denies', () => {
  const text = emqxAcl(contractUsers);
  expect(text).toContain(
    '{allow, {user, "gw1"}, {publish, [{retain, false}]}, ["wp/1/demo/gw1/up", "wp/1/demo/gw1/telemetry", "wp/1/demo/gw1/reply"]}.',
  );
  expect(text).toContain('{allow, {user, "gw1"}, publish, ["wp/1/demo/gw1/state"]}.');
  expect(text).toContain('{allow, {user, "flows"}, subscribe,');
  expect(text).not.toContain('{allow, {user, "flows"}, publish');
  expect(text.trimEnd().endsWith('{deny, all}.')).toBe(true);
});

test('filters become subjects', () => {
  expect(natsSubject('wp/1/demo/+/up')).toBe('wp.1.demo.*.up');
  expect(natsSubject('wp/1/demo/#')).toBe('wp.1.demo.>');
});

test.for(exportTargets)('%s: the files name every user and hold no secret', (target) => {
  const text = Object.values(exportedFiles(target, { identities: everybody })).join('\n');
  for (const { username, secretSha256 } of everybody) {
    expect(text).toContain(username);
    expect(text).not.toContain(secretSha256);
  }
});
