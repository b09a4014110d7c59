import { usePageTexts } from '../../texts/texts.tsx';
import { EntryText } from '../../ui/site-file/entry-fields.tsx';
import type { setupEn } from './texts-en.ts';

/**
 * A name in the language of the page; in the other one it is called the same until somebody translates it.
 */
export function SetupName({ label }: { readonly label: string }) {
  const { language } = usePageTexts<typeof setupEn>();
  return (
    <EntryText
      at={['name', language]}
      label={label}
      required
      also={(value, text) => ({ ...value, name: { 'zh-CN': text, en: text } })}
    />
  );
}
