import type { PrivacyEntry, PrivacyList } from '@watchpost/contracts/api';
import { useEffect, useState } from 'react';
import { dateTimeFormat } from '../../texts/intl-formats.ts';
import { problemText } from '../../texts/problem-text.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import type { privacyEn } from './texts-en.ts';

type Answer = { readonly list: PrivacyList } | { readonly problem: unknown };

/** What is on record of looking for faces, on all sites that the person may see, and what of it is due. */
export function PrivacyPage({ ask, sites }: ManagedPageProps) {
  const texts = usePageTexts<typeof privacyEn>();
  const { t, language } = texts;
  const [answer, setAnswer] = useState<Answer>();
  useEffect(() => {
    let isShown = true;
    const show = (what: Answer) => isShown && setAnswer(what);
    ask<PrivacyList>('GET', '/privacy').then(
      (list) => show({ list }),
      (problem: unknown) => show({ problem }),
    );
    return () => {
      isShown = false;
    };
  }, [ask]);
  if (!answer) return <p className="muted">{t('app.loading')}</p>;
  if ('problem' in answer)
    return (
      <p className="notice" role="alert" data-testid="privacy-shown">
        {problemText(texts, answer.problem)}
      </p>
    );
  const { records, without } = answer.list;
  const isOneSite = new Set([...records, ...without].map(({ site }) => site)).size < 2;
  const nameOf = (site: PrivacyEntry['site']) => sites.get(site)?.name[language] ?? site;
  return (
    <>
      <h2>{t('manage.privacy')}</h2>
      <p data-testid="privacy-shown">{records.length > 0 ? t('privacy.intro') : t('privacy.none')}</p>
      {records.map((record, index) => (
        <Entry
          // A record has no name of its own; the list is drawn once.
          // biome-ignore lint/suspicious/noArrayIndexKey: as said
          key={index}
          record={record}
          site={isOneSite ? undefined : nameOf(record.site)}
          timeZone={sites.get(record.site)?.timeZone}
        />
      ))}
      {without.length > 0 && (
        <section className="managed-part" aria-labelledby="privacy-without">
          <h3 id="privacy-without">{t('privacy.without')}</h3>
          <p>{t('privacy.withoutWhy')}</p>
          <ul>
            {without.map(({ site, id, name }) => (
              <li key={`${site} ${id}`}>
                {isOneSite ? name[language] : `${name[language]} · ${nameOf(site)}`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

interface EntryProps {
  readonly record: PrivacyEntry;
  readonly site: string | undefined;
  readonly timeZone: string | undefined;
}

function Entry({ record, site, timeZone }: EntryProps) {
  const { t, language } = usePageTexts<typeof privacyEn>();
  const day = (time: string, zone: string | undefined) =>
    dateTimeFormat(language, { dateStyle: 'long', ...(zone ? { timeZone: zone } : {}) }).format(
      Date.parse(time),
    );
  const { assessment, noticeSign, cameras, due } = record;
  return (
    <article className="managed-part" data-testid="privacy-record">
      <h3>{record.purpose}</h3>
      {site !== undefined && <p className="muted">{site}</p>}
      <dl className="privacy-facts">
        <dt>{t('privacy.due')}</dt>
        <dd>
          <ul className="privacy-due">
            {due.map(({ what, by, state }) => (
              <li key={what} data-state={state}>
                <strong>{t(`privacy.state.${state}`)}</strong>
                {/* A day of the calendar, in no time zone. */}
                <span>{t(`privacy.due.${what}`, { day: day(by, 'UTC') })}</span>
              </li>
            ))}
          </ul>
        </dd>
        <dt>{t('privacy.cameras')}</dt>
        <dd>
          {cameras
            .map(({ name, faces }) =>
              faces ? name[language] : t('privacy.facesOff', { camera: name[language] }),
            )
            .join(' · ')}
        </dd>
        <dt>{t('privacy.approved')}</dt>
        <dd>
          {t('privacy.approvedBy', {
            reference: assessment.reference,
            by: assessment.approvedBy,
            day: day(assessment.approvedAt, timeZone),
          })}
        </dd>
        <dt>{t('privacy.sign')}</dt>
        <dd>{t('privacy.seen', { place: noticeSign.place, day: day(noticeSign.checkedAt, timeZone) })}</dd>
      </dl>
    </article>
  );
}
