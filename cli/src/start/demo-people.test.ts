import { rolePermissions } from '@watchpost/contracts/api';
import { expect, it } from 'vitest';
import { demoPeople } from './demo-people.ts';

it('the demo has three people with three roles, of whom two may sign an entry of a list', () => {
  const people = demoPeople('made at the first start');
  expect(people.map(({ name, role }) => `${name} ${role}`)).toEqual([
    ...['demo admin', 'supervisor supervisor', 'officer officer'],
  ]);
  const signers = people.filter(({ role }) => rolePermissions[role].includes('lists.approve'));
  expect(signers.map(({ name }) => name)).toEqual(['demo', 'supervisor']);
  expect(new Set(people.map(({ password }) => password)).size).toBe(3);
  expect(demoPeople('made at another').map(({ password }) => password)).not.toEqual(
    people.map(({ password }) => password),
  );
});
