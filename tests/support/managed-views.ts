import type { Page } from 'playwright-core';
import type { ManagedSite } from './managed-site.ts';

/** What is looked at: a name, and how one gets there from anywhere in the console. */
export type View = readonly [name: string, open: (page: Page, site: ManagedSite) => Promise<void>];

const press = async (page: Page, ...ids: readonly string[]) => {
  for (const id of ids) await page.getByTestId(id).first().click();
};
const goto = (path: string, shown: string): View[1] => {
  return async (page, site) => {
    await page.goto(site.at(path));
    await page.getByTestId(shown).first().waitFor();
  };
};
/** An incident, with its alerts and its steps. */
const incidentOpen: View[1] = async (page, site) => {
  await goto('/manage/incidents', 'incidents-show')(page, site);
  const { incidents } = await (await page.request.get(site.at('/api/v1/incidents'))).json();
  await goto(`/manage/incidents#${incidents[0].id}`, 'incident-facts')(page, site);
};
const openOf = (name: string) => `[data-name="${name}"] [data-testid="person-open"]`;
const person = openOf('a.person.with.a.rather.long.name');
/** Presses, and waits until what follows is shown. */
const shows =
  (shown: string, ...ids: readonly string[]): View[1] =>
  async (page) => {
    await press(page, ...ids);
    await page.getByTestId(shown).first().waitFor();
  };

/** Pages of who manages, each with its forms and dialogs; the wall, which they lead to. */
export const managedViews: readonly View[] = [
  ['people', goto('/manage/people', 'person-row')],
  [
    'invite',
    async (page) => {
      await press(page, 'people-invite');
      await page.getByTestId('invite-form').waitFor();
    },
  ],
  [
    'person',
    async (page) => {
      await press(page, 'invite-cancel');
      await page.locator(person).click();
      await page.getByTestId('person-name').waitFor();
    },
  ],
  ['person-reset', shows('person-reset-dialog', 'person-reset')],
  [
    'program',
    async (page, site) => {
      await goto('/manage/people', 'person-row')(page, site);
      await page.locator(openOf('turnstile')).click();
      await page.getByTestId('token-form').waitFor();
    },
  ],
  ['account', goto('/account', 'session-row')],
  ['account-app', shows('totp-begin-dialog', 'totp-begin')],
  [
    'account-passkey',
    async (page, site) => {
      await goto('/account', 'passkey-begin')(page, site);
      await shows('passkey-label', 'passkey-begin')(page, site);
    },
  ],
  ['lists', goto('/manage/lists', 'lists-open')],
  ['lists-new', (page) => press(page, 'lists-new')],
  [
    'entry',
    async (page) => {
      await press(page, 'entry-cancel', 'lists-open');
      await page.getByTestId('entry-state').waitFor();
    },
  ],
  ['entry-withdraw', shows('step-withdraw-dialog', 'step-withdraw')],
  ['incidents', goto('/manage/incidents', 'incidents-show')],
  ['history', goto('/manage/history', 'history-search')],
  ['receivers', goto('/manage/receivers', 'receivers-new')],
  ['receivers-new', shows('receiver-form', 'receivers-new')],
  ['escalation', goto('/manage/escalation', 'escalation-new')],
  ['escalation-new', shows('policy-form', 'escalation-new')],
  ['silences', goto('/manage/silences', 'silence')],
  ['silence-new', (page) => press(page, 'silence-new')],
  ['arming', goto('/manage/arming', 'arming-again')],
  ['duty', goto('/manage/duty', 'duty-shift')],
  ['duty-rota', (page) => press(page, 'rota-change')],
  ['duty-override', (page) => press(page, 'duty-override')],
  [
    'handover',
    async (page) => {
      await press(page, 'handover-open');
      await page.getByTestId('handover-sheet').waitFor();
    },
  ],
  ['tasks', goto('/manage/tasks', 'task-next')],
  ['task-declined', shows('task-declined-dialog', 'task-declined')],
  ['departments', goto('/manage/departments', 'unit')],
  ['department-change', (page) => press(page, 'department-change')],
  ['unit-new', (page) => press(page, 'unit-new')],
  ['unit-end', shows('unit-end-dialog', 'unit-end')],
  ['load', goto('/manage/load', 'load-sums')],
  ['audit', goto('/manage/audit', 'audit-entry')],
  ['thresholds', goto('/manage/thresholds', 'thresholds-none')],
  ['passes', goto('/manage/passes', 'passes-open')],
  ['passes-new', shows('pass-form', 'passes-new')],
  ['pass', shows('pass-facts', 'pass-cancel', 'passes-open')],
  ['pass-code', shows('qr-code', 'pass-show')],
  ['pass-revoke', shows('pass-revoke-reason', 'pass-revoke')],
  ['plates', goto('/manage/plates', 'plates-open')],
  ['plates-new', shows('plate-form', 'plates-new')],
  ['plate', shows('plate-sheet', 'plate-cancel', 'plates-open')],
  ['plate-retire', shows('plate-retire-reason', 'plate-retire')],
  ['privacy', goto('/manage/privacy', 'privacy-record')],
  [
    'privacy-names',
    async (page, site) => {
      await page.getByTestId('names-words').fill('fence');
      await shows('names-found', 'names-find')(page, site);
    },
  ],
  ['privacy-names-strike', shows('names-reason', 'names-text', 'names-strike')],
  ['privacy-again', goto('/manage/privacy', 'privacy-record')],
  ['privacy-record', shows('privacy-form', 'privacy-edit')],
  ['privacy-removal', shows('privacy-removal', 'privacy-remove')],
  [
    'privacy-new',
    async (page, site) => {
      await press(page, 'site-cancel');
      await page.getByTestId('privacy-removal').waitFor({ state: 'detached' });
      await shows('privacy-missing', 'site-cancel', 'privacy-new')(page, site);
    },
  ],
  ['rules', goto('/manage/rules', 'rules-table')],
  ['site', goto('/manage/site', 'site-part-zones')],
  ['site-device', shows('device-form', 'device-open')],
  [
    'site-zones',
    async (page, site) => {
      await goto('/manage/site', 'site-part-zones')(page, site);
      await shows('zone-row', 'site-part-zones')(page, site);
    },
  ],
  ['site-zone', shows('zone-form', 'zone-open')],
  [
    'site-policy',
    async (page, site) => {
      await goto('/manage/site', 'site-part-policy')(page, site);
      await shows('policy-form', 'site-part-policy')(page, site);
    },
  ],
  ['setup', goto('/manage/setup', 'setup-step')],
  ['menu', (page) => press(page, 'person-menu')],
  ['incident', incidentOpen],
  ['wall', goto('/wall', 'wall')],
];
