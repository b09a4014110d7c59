import type { FreeTextFound } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import { dateTimeFormat } from '../../texts/intl-formats.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import { Field, LongField, TickField } from '../../ui/field.tsx';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { SiteChoice, useManagedSite } from '../../ui/managed-site.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { privacyEn } from './texts-en.ts';

type Found = FreeTextFound & { readonly words: string };
type Text = FreeTextFound['texts'][number];

/** What tells texts apart. */
const keyOf = ({ kind, id }: Pick<Text, 'kind' | 'id'>) => `${kind} ${id}`;

/** Looks for a name in what people wrote, and strikes it out: for who may erase people of a whole site. */
export function WrittenNames({ ask, session, sites }: ManagedPageProps) {
  const { t } = usePageTexts<typeof privacyEn>();
  const { ids, site, setSite } = useManagedSite(session, 'lists.approve');
  const looking = useAction();
  const [found, setFound] = useState<Found | null>(null);
  const [struck, setStruck] = useState<number | null>(null);
  if (ids.length === 0) return null;
  const query = { site };
  const look = async (words: string) =>
    setFound({ ...(await call(ask, 'POST /free-text/find', { query, body: { words } })), words });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const words = String(new FormData(event.currentTarget).get('words') ?? '').trim();
    setStruck(null);
    void looking.run(() => look(words));
  };
  return (
    <section className="managed-part" aria-labelledby="written-names">
      <h3 id="written-names">{t('privacy.names')}</h3>
      <p>{t('privacy.namesWhy')}</p>
      <SiteChoice
        {...{ ids, sites, value: site, label: t('privacy.namesSite') }}
        onChange={(chosen) => {
          setSite(chosen);
          setFound(null);
        }}
      />
      <form className="managed-form" onSubmit={submit} data-testid="names-form">
        <Field
          label={t('privacy.namesWords')}
          {...{ name: 'words', required: true, minLength: 2, maxLength: 100, autoComplete: 'off' }}
          data-testid="names-words"
        />
        <Submit action={looking} label={t('privacy.namesFind')} testId="names-find" />
      </form>
      <p role="status" data-testid="names-said">
        {struck !== null && t('privacy.namesStruck', { count: struck })}
        {found && struck === null && found.texts.length === 0 && t('privacy.namesNone')}
      </p>
      {found && found.audited > 0 && (
        <p className="muted" data-testid="names-audited">
          {t('privacy.namesAudited', { count: found.audited })}
        </p>
      )}
      {found && found.texts.length > 0 && (
        <FoundTexts
          key={found.words}
          found={found}
          timeZone={sites.get(site)?.timeZone}
          onStrike={async (texts, whole, reason) => {
            const places = texts.map(({ kind, id }) => ({ kind, id }));
            const body = { words: found.words, whole, places, reason };
            const answer = await call(ask, 'POST /free-text/strike', { query, body });
            setStruck(answer.struck);
            await look(found.words);
          }}
        />
      )}
    </section>
  );
}

interface FoundTextsProps {
  readonly found: Found;
  readonly timeZone: string | undefined;
  readonly onStrike: (texts: readonly Text[], whole: boolean, reason: string) => Promise<void>;
}

/** The texts, each to be chosen: not every Olga is the one who is meant. */
function FoundTexts({ found: { texts, more, words }, timeZone, onStrike }: FoundTextsProps) {
  const { t, language } = usePageTexts<typeof privacyEn>();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const time = dateTimeFormat(language, {
    ...{ dateStyle: 'medium', timeStyle: 'short' },
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const meant = texts.filter((text) => chosen.includes(keyOf(text)));
  return (
    <div data-testid="names-found">
      <ul className="written-texts">
        {texts.map((text) => (
          <li key={keyOf(text)}>
            <TickField
              label={`${t(`privacy.text.${text.kind}`)} · ${time.format(Date.parse(text.at))}`}
              checked={chosen.includes(keyOf(text))}
              onChange={({ target }) =>
                setChosen((before) =>
                  target.checked ? [...before, keyOf(text)] : before.filter((one) => one !== keyOf(text)),
                )
              }
              data-testid="names-text"
            />
            <blockquote>{text.text}</blockquote>
          </li>
        ))}
      </ul>
      {more && <p className="muted">{t('privacy.namesMore')}</p>}
      {meant.length > 0 && (
        <AskFirst
          button={t('privacy.namesStrike', { count: meant.length })}
          testId="names-strike"
          title={t('privacy.namesStrike', { count: meant.length })}
          text={t('privacy.namesStrikeText', { words })}
          onConfirm={(fields) =>
            onStrike(meant, fields.get('whole') !== null, String(fields.get('reason') ?? ''))
          }
        >
          <TickField label={t('privacy.namesWhole')} name="whole" data-testid="names-whole" />
          <LongField
            label={t('privacy.namesReason')}
            {...{ name: 'reason', required: true, minLength: 3, maxLength: 1_000 }}
            data-testid="names-reason"
          />
        </AskFirst>
      )}
    </div>
  );
}
