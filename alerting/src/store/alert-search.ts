import type { AlertState } from '@watchpost/contracts/alert';
import { sql } from 'kysely';

/** States in which an alert is history, in the words of the partial indexes. */
const doneStates: readonly AlertState[] = ['resolved', 'closed'];

/** Whether only what is done is looked for: that is much, and has an index of its texts. */
export const isHistory = (states: readonly AlertState[]): boolean =>
  states.every((state) => doneStates.includes(state));

const contains = (column: string, text: string) =>
  sql<boolean>`strpos(lower(${sql.raw(column)}), lower(${text})) > 0`;

/** Whether a note of an officer, or a detail of the event, contains a text: read from each alert. */
export const says = (text: string) => sql<boolean>`(${contains('details::text', text)}
  or exists (select from alert_change as step where step.alert = alert.id and step.site = alert.site
    and step.to_state is not null and ${contains('step.reason', text)}))`;

/** The same of what is done, by the indexes of texts; reads no alert that lacks the text, or few. */
export const foundToSay = (site: string, text: string) => sql<boolean>`alert.id in (
  select found.id from alert as found where found.site = ${site} and found.state in ('resolved', 'closed')
    and watchpost_pairs(found.details::text) @> watchpost_pairs(${text}) and ${contains('found.details::text', text)}
  union select step.alert from alert_change as step where step.site = ${site} and step.to_state is not null
    and step.reason is not null and watchpost_pairs(step.reason) @> watchpost_pairs(${text})
    and ${contains('step.reason', text)})`;
