import type { ListEntry } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { ReactNode } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { calendarDay } from '../../texts/time-text.ts';
import type { listsEn } from './texts-en.ts';

const gapTexts = {
  photo: 'lists.missingPhoto',
  proposal: 'lists.missingProposal',
  approval: 'lists.missingApproval',
} as const;

/** What an entry says, who signed it, and what is missing. */
export function EntryFacts({ entry, site }: { readonly entry: ListEntry; readonly site: Site | undefined }) {
  const { t, language } = usePageTexts<typeof listsEn>();
  const row = (name: keyof typeof listsEn, value: ReactNode) =>
    value === '' ? null : (
      <div>
        <dt>{t(name)}</dt>
        <dd>{value}</dd>
      </div>
    );
  const zoneName = (zone: string) => site?.zones.find((one) => one.id === zone)?.name[language] ?? zone;
  const { approvals, erasure } = entry;
  return (
    <>
      <dl className="facts">
        {row('lists.state', <b data-testid="entry-state">{t(`lists.state.${entry.state}`)}</b>)}
        {entry.missing.length > 0 &&
          row(
            'lists.missing',
            <ul data-testid="entry-missing">
              {entry.missing.map((gap) => (
                <li key={gap}>{t(gapTexts[gap])}</li>
              ))}
            </ul>,
          )}
        {row('lists.list', t(entry.list === 'watch' ? 'lists.watch' : 'lists.access'))}
        {row('lists.author', entry.author.name)}
        {row(
          'lists.approvals',
          approvals.length === 0 ? t('lists.nobody') : approvals.map(({ name }) => name).join(' · '),
        )}
        {row('lists.legalBasis', entry.legalBasis)}
        {row('lists.authority', entry.authority)}
        {row('lists.purpose', entry.purpose)}
        {row('lists.reason', entry.reason)}
        {row('lists.instruction', entry.instruction)}
        {row('lists.area', entry.area.map(zoneName).join(' · '))}
        {row('lists.expires', calendarDay(entry.expires, language))}
        {row('lists.review', calendarDay(entry.review, language))}
      </dl>
      {erasure ? (
        <p className="notice" data-testid="entry-erasure">
          {t('lists.erasure', { receipts: erasure.receipts, of: erasure.of })}
          {erasure.waitingFor.length > 0
            ? ` ${t('lists.waitingFor', { gateways: erasure.waitingFor.join(t('list.separator')) })}`
            : null}
        </p>
      ) : null}
    </>
  );
}
