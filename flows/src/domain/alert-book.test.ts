import { alertTopic } from '@watchpost/contracts/wire';
import { expect, test } from 'vitest';
import { sampleAlert } from '../flows-testing.ts';
import { AlertBook } from './alert-book.ts';

const alert = sampleAlert({ severity: 'medium' });
const topic = alertTopic('demo', alert.id);

test('an unknown alert opened, or existed before', () => {
  expect(new AlertBook().heard(topic, alert, false)).toEqual({ change: 'opened', alert, topic });
  expect(new AlertBook().heard(topic, alert, true)).toEqual({ change: 'existing', alert, topic });
});

test('the next version is a change that names what was before', () => {
  const book = new AlertBook();
  book.heard(topic, alert, false);
  const next = { ...alert, version: 2, state: 'acknowledged' as const };
  expect(book.heard(topic, next, false)).toEqual({
    change: 'changed',
    alert: next,
    topic,
    previousState: 'open',
    previousSeverity: 'medium',
  });
});

test('repetitions and older versions say nothing', () => {
  const book = new AlertBook();
  book.heard(topic, { ...alert, version: 5 }, false);
  expect(book.heard(topic, { ...alert, version: 5 }, true)).toBeUndefined();
  expect(book.heard(topic, { ...alert, version: 4 }, false)).toBeUndefined();
});

test('closing reports the last known alert once', () => {
  const book = new AlertBook();
  book.heard(topic, alert, false);
  expect(book.closed(topic, alert.id)).toMatchObject({
    change: 'closed',
    alert: { id: alert.id, state: 'closed' },
  });
  expect(book.closed(topic, alert.id)).toBeUndefined();
  expect(book.open).toEqual([]);
});

test('remembers a bounded number of alerts', () => {
  const book = new AlertBook();
  for (let count = 0; count < 10_050; count++) book.heard(topic, { ...alert, id: `a${count}` }, false);
  expect(book.open).toHaveLength(10_000);
  expect(book.open[0]?.id).toBe('a50');
});
