import { BrokerWithHabits } from '@watchpost/service/testing/broker-with-habits';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BrokerLink } from './broker-link.ts';

const until = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 10 });
let broker: BrokerWithHabits;
let link: BrokerLink;
const connected = vi.fn();
const take = vi.fn(async () => undefined);

beforeEach(async () => {
  connected.mockClear();
  broker = new BrokerWithHabits();
  await broker.start();
  link = new BrokerLink({
    url: broker.url,
    clientId: 'alerting-test',
    filters: ['wp/1/test/+/up'],
    take,
    connected,
    lost: () => undefined,
    logger: pino({ level: 'silent' }),
    limits: { firstRetryMs: 10, maxRetryMs: 50, connackMs: 400, subackMs: 400, pubackMs: 400 },
  });
});
afterEach(async () => {
  await link.stop();
  await broker.stop();
});

test('refused with every code, then accepted: connected, said and counted', async () => {
  broker.habits.refuse = [1, 2, 3, 4, 5];
  link.start();
  await until(() => expect(link.isConnected).toBe(true));
  expect(link.faults).toEqual({ refused: 5 });
  expect(connected).toHaveBeenCalledOnce();
});

test('no SUBACK: not connected, although CONNECT was accepted and pings are answered', async () => {
  broker.habits.suback = false;
  link.start();
  await until(() => expect(link.problem).toMatchObject({ fault: 'no_suback', error: 'broker.no_answer' }));
  expect(link.isConnected).toBe(false);
  broker.habits.suback = true;
  await until(() => expect(link.isConnected).toBe(true));
});

test('a receipt that the broker does not take ends the connection; what is retained is published again', async () => {
  link.start();
  await until(() => expect(link.isConnected).toBe(true));
  broker.habits.puback = false;
  link.publishRetained('wp/1/test/gw/receipt', '{}');
  await until(() => expect(link.faults.no_puback).toBeGreaterThan(0));
  broker.habits.puback = true;
  await until(() => expect(connected.mock.calls.length).toBeGreaterThan(1));
});
