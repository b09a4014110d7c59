import { expect, it } from 'vitest';
import { testAlert } from '../test-alerts.ts';
import { isUnseen } from './unseen.ts';

const changed = (severity: number, state: number) => ({ changedIn: { severity, state, disposition: 1 } });

it.each([
  ['never seen', {}, undefined, true],
  ['seen as it is', {}, 1, false],
  ['further events', { version: 9, ...changed(1, 1) }, 1, false],
  ['graver since', { version: 9, ...changed(8, 1) }, 7, true],
  ['open again since', { version: 9, ...changed(1, 9) }, 8, true],
  [
    'taken by a colleague since',
    { version: 9, state: 'acknowledged', acknowledgedBy: 'ben', ...changed(1, 9) },
    8,
    false,
  ],
  ['taken by the person', { state: 'acknowledged', acknowledgedBy: 'ana' }, undefined, false],
  ['taken by a colleague, never seen', { state: 'acknowledged', acknowledgedBy: 'ben' }, undefined, true],
  ['over', { state: 'resolved' }, undefined, false],
] as const)('%s', (_, parts, seen, expected) => {
  expect(isUnseen(testAlert(parts), seen, 'ana')).toBe(expected);
});
