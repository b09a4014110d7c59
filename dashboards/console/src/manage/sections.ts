import type { Permission, Session } from '@watchpost/contracts/api';
import type { ComponentType, LazyExoticComponent } from 'react';
import { armingPage } from '../pages/arming/arming-entry.ts';
import { auditPage } from '../pages/audit/audit-entry.ts';
import { dutyPage } from '../pages/duty/duty-entry.ts';
import { escalationPage } from '../pages/escalation/escalation-entry.ts';
import { historyPage } from '../pages/history/history-entry.ts';
import { incidentsPage } from '../pages/incidents/incidents-entry.ts';
import { listsPage } from '../pages/lists/lists-entry.ts';
import { loadPage } from '../pages/load/load-entry.ts';
import { passesPage } from '../pages/passes/passes-entry.ts';
import { peoplePage } from '../pages/people/people-entry.ts';
import { platesPage } from '../pages/plates/plates-entry.ts';
import { privacyPage } from '../pages/privacy/privacy-entry.ts';
import { receiversPage } from '../pages/receivers/receivers-entry.ts';
import { departmentsPage, tasksPage } from '../pages/response/response-entry.ts';
import { rulesPage } from '../pages/rules/rules-entry.ts';
import { setupPage } from '../pages/setup/setup-entry.ts';
import { silencesPage } from '../pages/silences/silences-entry.ts';
import { sitePage } from '../pages/site/site-entry.ts';
import { thresholdsPage } from '../pages/thresholds/thresholds-entry.ts';
import type { ManagedPage, SectionName } from '../routes/place.ts';
import type { ManagedPageProps } from '../ui/managed-page.ts';

/** A page below `/manage`. It is called `manage.{name}` in the catalogues. */
export interface Section {
  readonly name: SectionName;
  /** Whoever has it, on one site at least, is offered the page. The server decides what it answers. */
  readonly permission: Permission;
  readonly page: LazyExoticComponent<ComponentType<ManagedPageProps>>;
}

/** The pages that there are, in the order in which they are offered: `lazyPage` makes one. */
export const sections: readonly Section[] = [
  { name: 'incidents', permission: 'alerts.read', page: incidentsPage },
  { name: 'history', permission: 'alerts.read', page: historyPage },
  { name: 'arming', permission: 'arming.read', page: armingPage },
  { name: 'duty', permission: 'duty.read', page: dutyPage },
  { name: 'silences', permission: 'alerts.read', page: silencesPage },
  { name: 'tasks', permission: 'response.take', page: tasksPage },
  { name: 'departments', permission: 'response.manage', page: departmentsPage },
  { name: 'receivers', permission: 'receivers.manage', page: receiversPage },
  { name: 'escalation', permission: 'receivers.manage', page: escalationPage },
  { name: 'load', permission: 'response.review', page: loadPage },
  { name: 'people', permission: 'accounts.manage', page: peoplePage },
  { name: 'lists', permission: 'lists.read', page: listsPage },
  { name: 'thresholds', permission: 'lists.read', page: thresholdsPage },
  { name: 'passes', permission: 'passes.read', page: passesPage },
  { name: 'plates', permission: 'plates.read', page: platesPage },
  { name: 'audit', permission: 'audit.read', page: auditPage },
  { name: 'privacy', permission: 'privacy.read', page: privacyPage },
  { name: 'rules', permission: 'site.edit', page: rulesPage },
  { name: 'site', permission: 'site.read', page: sitePage },
  { name: 'setup', permission: 'site.edit', page: setupPage },
];

/** Those that are offered to somebody. */
export const sectionsFor = (
  { permissions }: Pick<Session, 'permissions'>,
  all: readonly Section[] = sections,
): readonly Section[] => all.filter(({ permission }) => permissions.includes(permission));

/** What pages belong to, in the order in which they are offered. */
const groups = ['own', 'watch', 'telling', 'people', 'site'] as const;
export type PageGroup = (typeof groups)[number];

const groupOf: Readonly<Record<ManagedPage, PageGroup>> = {
  account: 'own',
  incidents: 'watch',
  history: 'watch',
  arming: 'watch',
  duty: 'watch',
  silences: 'watch',
  tasks: 'watch',
  load: 'watch',
  departments: 'telling',
  receivers: 'telling',
  escalation: 'telling',
  people: 'people',
  lists: 'people',
  thresholds: 'people',
  passes: 'people',
  plates: 'people',
  privacy: 'people',
  audit: 'people',
  rules: 'site',
  site: 'site',
  setup: 'site',
};

/** Pages by what they belong to, in their order; groups without a page are left out. */
export const inGroups = (
  pages: readonly ManagedPage[],
): readonly { readonly group: PageGroup; readonly pages: readonly ManagedPage[] }[] =>
  groups
    .map((group) => ({ group, pages: pages.filter((page) => groupOf[page] === group) }))
    .filter((one) => one.pages.length > 0);

/** Where the menu of a person leads: the own account, then what the person may manage. */
export const offeredPages = (session: Pick<Session, 'permissions'>): readonly ManagedPage[] => [
  'account',
  ...sectionsFor(session).map(({ name }) => name),
];
