import { slowWithdrawalLine } from '../slow-withdrawal-line.ts';
import { applyTexts } from './apply-texts.ts';
import { isSame, type SiteChanges } from './site-changes.ts';

/** What changes, for a terminal: one line each for the server’s parts, and for each gateway. */
export function changeLines(
  sites: readonly SiteChanges[],
  nextStart: readonly string[],
  chinese: boolean,
): string {
  const texts = applyTexts(chinese);
  const lines = sites
    .filter((each) => !isSame(each))
    .flatMap(({ site, alerting, ruleSet, permits, gateways, untouched }) => [
      `${texts.site} ${site}`,
      `  ${alerting ? texts.alerting : texts.alertingStays}`,
      ...(ruleSet ? [`  ${texts.ruleSet}: ${ruleSet.before} → ${ruleSet.after}`] : []),
      ...(permits ? [`  ${texts.permits}`] : []),
      ...gateways.map(({ gateway, changed, added, gone, kept }) => {
        const parts = [
          [texts.changed, changed.join(', ')],
          [texts.added, added.join(', ')],
          [texts.gone, gone.join(', ')],
          [texts.kept, kept.length > 0 ? texts.devices(kept.length) : ''],
        ].flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
        const said = parts.length > 0 ? parts.join(chinese ? '；' : '; ') : texts.noDevice;
        return `  ${texts.gateway} ${gateway}: ${said}`;
      }),
      ...(untouched.length > 0 ? [`  ${texts.gateway} ${untouched.join(', ')}: ${texts.untouched}`] : []),
    ]);
  if (lines.length === 0) lines.push(texts.nothing);
  for (const { site, slowWithdrawal } of sites)
    if (slowWithdrawal) lines.push(slowWithdrawalLine(site, slowWithdrawal, chinese));
  if (nextStart.length > 0) lines.push(`${texts.nextStart}: ${nextStart.join(', ')}`);
  return `${lines.join('\n')}\n`;
}
