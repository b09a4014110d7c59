/** What stands in front on a phone. Wider screens show all of it side by side. */
export type View = 'alerts' | 'plan' | 'devices';

/** What of the console an address shows. */
export interface Place {
  /** Id of the chosen alert; null when none is. It stays while another view stands in front. */
  readonly alert: string | null;
  readonly view: View;
}

/** The addresses of the console, as patterns of the router. Whatever fits neither is the queue. */
export const patterns = { alert: '/alerts/:alert/:view?', view: '/:view?' } as const;

const alertId = /^[0-9a-f-]{36}$/;
const otherViews: readonly string[] = ['plan', 'devices'] satisfies View[];

/** The place that the parts of an address stand for; a part that means nothing counts as missing. */
export function placeOf(parts: { readonly alert?: string; readonly view?: string }): Place {
  const { alert = '', view = '' } = parts;
  return {
    alert: alertId.test(alert) ? alert : null,
    view: otherViews.includes(view) ? (view as View) : 'alerts',
  };
}

/** The address of a place: `/`, `/plan`, `/alerts/{id}`, `/alerts/{id}/plan` … */
export function addressOf({ alert, view }: Place): string {
  const base = alert === null ? '' : `/alerts/${alert}`;
  return view === 'alerts' ? base || '/' : `${base}/${view}`;
}
