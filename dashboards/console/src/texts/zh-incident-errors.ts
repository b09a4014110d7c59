import type { enIncidentErrors } from './en-incident-errors.ts';

/** The same in Simplified Chinese. */
export const zhIncidentErrors: Readonly<Record<keyof typeof enIncidentErrors, string>> = {
  'error.incident.stale': '警情已上升、再次出现或结束，请重新查看后再决定。',
  'error.incident.merged': '这些告警已并入另一起警情。',
  'error.incident.not_its_alerts': '请重新加载警情；至少要保留一条告警。',
};
