import { Button } from 'react-aria-components';
import { chooseLanguage } from '../texts/i18n.ts';
import { useTexts } from '../texts/texts.tsx';

/** One press changes to the other language, named in that language. */
export function LanguageSwitch() {
  const { language, t } = useTexts();
  const other = language === 'en' ? 'zh-CN' : 'en';
  return (
    <Button
      className="button button-quiet language"
      data-testid="language-switch"
      data-language={language}
      aria-label={`${t('language.label')}: ${other === 'en' ? 'English' : '简体中文'}`}
      onPress={() => void chooseLanguage(other)}
    >
      <span lang={other}>{other === 'en' ? 'English' : '中文'}</span>
    </Button>
  );
}
