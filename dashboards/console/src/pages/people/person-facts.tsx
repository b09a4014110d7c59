import type { Account } from '@watchpost/contracts/api';
import { usePageTexts } from '../../texts/texts.tsx';
import { minuteTime } from '../../texts/time-text.ts';
import type { peopleEn } from './texts-en.ts';

/** What is known of an account: since when, by whom, how much of it is open. */
export function PersonFacts({ account }: { readonly account: Account }) {
  const { t, number, language } = usePageTexts<typeof peopleEn>();
  const when = (time: string) => minuteTime(time, undefined, language);
  const facts: readonly (readonly [string, string | null])[] = [
    [t('people.userName'), account.name],
    [t('people.state'), t(`people.state.${account.state}`)],
    [t('people.createdAt'), when(account.createdAt)],
    [t('people.used'), account.lastUsed === null ? t('people.never') : when(account.lastUsed)],
    [t('people.invitedBy'), account.invitedBy?.name ?? null],
    [t(account.kind === 'person' ? 'people.resetBy' : 'people.tokenBy'), account.resetBy?.name ?? null],
    [t('people.openSessions'), account.kind === 'person' ? number(account.sessions) : null],
    [t('people.tokensGood'), account.kind === 'service' ? number(account.tokens) : null],
  ];
  return (
    <dl className="facts" aria-label={t('people.facts')}>
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}
