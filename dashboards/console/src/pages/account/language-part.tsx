import type { Language, OwnAccount } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { chooseLanguage } from '../../texts/i18n.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { useAction } from '../../ui/use-action.ts';
import type { accountEn } from './texts-en.ts';

export interface LanguagePartProps {
  readonly ask: Ask;
  readonly account: OwnAccount;
  readonly onChanged: () => Promise<void>;
}

/** In which language the console comes up for this person. */
export function LanguagePart({ ask, account, onChanged }: LanguagePartProps) {
  const { t } = usePageTexts<typeof accountEn>();
  const action = useAction();
  const [saved, setSaved] = useState(false);
  async function choose(value: string) {
    const language = value === '' ? null : (value as Language);
    setSaved(false);
    const done = await action.run(async () => {
      await call(ask, 'POST /account', { body: { language } });
      if (language !== null) await chooseLanguage(language);
      await onChanged();
    });
    setSaved(done);
  }
  return (
    <section className="managed-part" aria-labelledby="account-language">
      <h3 id="account-language">{t('account.language')}</h3>
      <select
        className="field-input"
        aria-label={t('account.language')}
        aria-describedby="account-language-help"
        value={account.language ?? ''}
        onChange={({ target }) => void choose(target.value)}
        data-testid="account-language-choice"
      >
        <option value="">{t('account.languageNone')}</option>
        <option value="zh-CN" lang="zh-CN">
          简体中文
        </option>
        <option value="en" lang="en">
          English
        </option>
      </select>
      <p id="account-language-help" className="muted">
        {t('account.languageHelp')}
      </p>
      <p className="problem" role="alert">
        {action.problem}
      </p>
      <p role="status">{saved ? t('account.saved') : ''}</p>
    </section>
  );
}
