// @vitest-environment jsdom
import type { AuditEntry, Session } from '@watchpost/contracts/api';
import { act } from 'react';
import { afterEach, expect, it } from 'vitest';
import type { DrawnPage } from '../../testing/drawn-page.tsx';
import { FakeApi } from '../../testing/fake-ask.ts';
import { openPage } from '../../testing/open-page.tsx';
import { aboutOf } from './about-text.ts';
import { auditPage } from './audit-entry.ts';

let page: DrawnPage | undefined;
afterEach(() => page?.close());

it('the audit log is filtered, and shows what was refused', async () => {
  const entryOf = (position: number, outcome: string) => ({
    ...{ position, at: '2026-11-27T08:00:00.000Z', site: null, actor: 'system', action: 'exported', outcome },
    ...{ subject: null, reason: 'why not', details: { code: 'api.forbidden' }, previous: '', hash: '' },
  });
  const { ask, asked } = new FakeApi({
    'GET /audit': { entries: [entryOf(2, 'refused')], next: 2 },
    'GET /audit?before=2': { entries: [entryOf(1, 'done')], next: null },
    'GET /audit?action=exported': { entries: [], next: null },
  });
  page = await openPage(auditPage, { ask, session: { sites: [] } as unknown as Session, sites: new Map() });
  await page.find('audit-entry');
  expect(page.text).toContain('Exported · RefusedYour role does not allow this.');
  await page.press('audit-more');
  expect(page.all('audit-entry')).toHaveLength(2);
  await page.fill({ 'audit-action': 'exported' });
  await page.press('audit-filter');
  await act(async () => undefined);
  expect(asked.at(-1)?.path).toBe('/audit?action=exported');
});

it('an entry is about somebody by name, where the log has one, and never about oneself', () => {
  const account = { kind: 'account', id: 'b' };
  const entry = { actor: { account: 'a', name: 'ana' }, subject: account, details: { name: 'ben' } };
  expect(aboutOf(entry as unknown as AuditEntry)).toEqual({ kind: 'named', name: 'ben' });
  const own = { ...entry, subject: { ...account, id: 'a' } };
  expect(aboutOf(own as unknown as AuditEntry)).toEqual({ kind: 'nothing' });
  const listed = { ...entry, subject: { kind: 'entry', id: '9a1e190a-5083' } };
  expect(aboutOf(listed as unknown as AuditEntry)).toEqual({ kind: 'entry', id: '9a1e190a-5083' });
});
