import { type Severity, severities } from '@watchpost/contracts/alert';
import { expect, test } from 'vitest';
import { sampleAlert } from '../flows-testing.ts';
import type { AlertChange } from './alert-book.ts';
import { type AlertFilter, wanted } from './alert-filter.ts';

const high: AlertFilter = { minSeverity: 'high', eventTypes: [], changes: 'new', existing: false };
const change = (severity: Severity, more: Partial<AlertChange> = {}): AlertChange => ({
  change: 'opened',
  alert: sampleAlert({ severity }),
  topic: 't',
  ...more,
});

test('reports from the chosen severity on', () => {
  expect(severities.filter((severity) => wanted(high, change(severity)))).toEqual(['high', 'critical']);
});

test('only the event types that were asked for', () => {
  expect(wanted({ ...high, eventTypes: ['watchpost.sensor.alarm.v1'] }, change('high'))).toBe(true);
  expect(wanted({ ...high, eventTypes: ['watchpost.panic.pressed.v1'] }, change('high'))).toBe(false);
});

test('“new” leaves out changes, except a rise to the chosen severity', () => {
  const changed = (previousSeverity: Severity) =>
    change('high', { change: 'changed', previousState: 'open', previousSeverity });
  expect(wanted(high, changed('high'))).toBe(false);
  expect(wanted(high, changed('medium'))).toBe(true);
  expect(wanted({ ...high, changes: 'all' }, changed('high'))).toBe(true);
});

test('“new” leaves out closing, “all” reports it', () => {
  const closed = change('high', { change: 'closed', previousState: 'open', previousSeverity: 'high' });
  expect(wanted(high, closed)).toBe(false);
  expect(wanted({ ...high, changes: 'all' }, closed)).toBe(true);
});

test('alerts from before only when asked for, whatever the changes', () => {
  const existing = change('critical', { change: 'existing' });
  expect(wanted({ ...high, changes: 'all' }, existing)).toBe(false);
  expect(wanted({ ...high, existing: true }, existing)).toBe(true);
});
