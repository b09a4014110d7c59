import type { RuleOfKind } from '@watchpost/contracts/api';
import { whatHappened } from '../../texts/alert-texts.ts';
import type { Texts } from '../../texts/texts.tsx';

/** In which detail an alert says the kind of its events. */
const detailOf: Readonly<Record<string, string>> = {
  'sensor.alarm': 'kind',
  'pass.rejected': 'reason',
  'report.received': 'category',
  'warning.received': 'severity',
};

/** What a kind of event is called, as on the alerts that it opens. */
export const ruleTitle = (texts: Texts, { event, kind }: Pick<RuleOfKind, 'event' | 'kind'>): string =>
  whatHappened(texts, `watchpost.${event}.v1`, detailsOf(event, kind));

function detailsOf(event: string, kind: string | undefined): Record<string, string> {
  if (event === 'face.candidate') return { list: 'watch' };
  const detail = detailOf[event];
  return detail === undefined || kind === undefined ? {} : { [detail]: kind };
}

/** The same, of a kind as a replay names it: `watchpost.sensor.alarm.v1/smoke`. */
export function replayedTitle(texts: Texts, named: string): string {
  const [type = '', kind] = named.split('/');
  const event = type.slice('watchpost.'.length, -'.v1'.length);
  return ruleTitle(texts, kind === undefined ? { event } : { event, kind });
}
