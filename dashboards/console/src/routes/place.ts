/** What stands in front on a phone. Wider screens show all of it side by side. */
export type View = 'alerts' | 'plan' | 'devices';

/** What of the console an address shows. */
export interface Place {
  /** The site whose alerts are shown; null for all that the person may see. */
  readonly site: string | null;
  /** Id of the chosen alert; null when none is. It stays while another view stands in front. */
  readonly alert: string | null;
  readonly view: View;
  /** Id of the plan that is shown, with the view `plan`; null for that of the alert, or the first. */
  readonly plan: string | null;
}

/** The pages of who manages, below `/manage`; each is shown to who may do what it is for. */
export const sectionNames = [
  'incidents',
  'history',
  'arming',
  'duty',
  'silences',
  'tasks',
  'departments',
  'receivers',
  'escalation',
  'load',
  'people',
  'lists',
  'thresholds',
  'passes',
  'plates',
  'audit',
  'privacy',
  'rules',
  'site',
  'setup',
] as const;
export type SectionName = (typeof sectionNames)[number];

/** A page that stands where the alerts stand else: one's own account, or something to manage. */
export type ManagedPage = 'account' | SectionName;

/** The addresses of the console, as patterns of the router. Whatever fits none is the queue. */
export const patterns = {
  account: '/account',
  manage: '/manage/:section',
  wall: '/wall',
  alert: '/alerts/:alert/:view?/:plan?',
  view: '/:view?/:plan?',
  siteAlert: '/sites/:site/alerts/:alert/:view?/:plan?',
  siteView: '/sites/:site/:view?/:plan?',
} as const;

const alertId = /^[0-9a-f-]{36}$/;
const name = /^[A-Za-z0-9_-]{1,64}$/;
const otherViews: readonly string[] = ['plan', 'devices'] satisfies View[];

/** The place that the parts of an address stand for; a part that means nothing counts as missing. */
export function placeOf(parts: {
  readonly site?: string;
  readonly alert?: string;
  readonly view?: string;
  readonly plan?: string;
}): Place {
  const { site = '', alert = '', view = '', plan = '' } = parts;
  return {
    site: name.test(site) ? site : null,
    alert: alertId.test(alert) ? alert : null,
    view: otherViews.includes(view) ? (view as View) : 'alerts',
    plan: view === 'plan' && name.test(plan) ? plan : null,
  };
}

/**
 * The address of a place: `/`, `/plan`, `/plan/{plan}`, `/alerts/{id}`, `/alerts/{id}/plan` …, of one site
 * all of them after `/sites/{site}`.
 */
export function addressOf({ site, alert, view, plan }: Place): string {
  const base = (site === null ? '' : `/sites/${site}`) + (alert === null ? '' : `/alerts/${alert}`);
  if (view === 'alerts') return base || '/';
  return view === 'plan' && plan !== null ? `${base}/plan/${plan}` : `${base}/${view}`;
}

/** The address of an incident. */
export const incidentAddress = (id: string): string => `/manage/incidents#${id}`;

/** The page at `/manage/{section}`; null where there is none of that name. */
export function sectionOf(section: string | undefined): SectionName | null {
  return sectionNames.find((name) => name === section) ?? null;
}

/** The address of a page that is managed: `/account`, `/manage/people` … */
export const managedAddress = (page: ManagedPage): string =>
  page === 'account' ? patterns.account : `/manage/${page}`;
