import type { Language } from '@watchpost/contracts/api';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { KeyWithoutForm, TextKey } from './en.ts';
import { numberFormat } from './intl-formats.ts';

/** Filled texts grow with what is filled in: user names, times, counts. */
const rememberedAtMost = 2_000;

export type TextValues = Readonly<Record<string, string | number>>;

/** The texts and formats of the language in use. */
export interface Texts<Key extends string = TextKey> {
  readonly language: Language;
  /** The text of a key of the catalogues. */
  readonly t: (key: Key, values?: TextValues) => string;
  /** The text of a key made from data, or undefined where the catalogues have none. */
  readonly maybe: (key: string) => string | undefined;
  readonly number: (value: number, options?: Intl.NumberFormatOptions) => string;
  readonly percent: (share: number) => string;
}

const TextsContext = createContext<Texts | null>(null);

/**
 * Hands the texts of the language in use to everything below, and draws it again when the language changes.
 */
export function TextsProvider({ children }: { readonly children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const language: Language = i18n.language === 'zh-CN' ? 'zh-CN' : 'en';
  const texts = useMemo<Texts>(() => {
    // Each text is looked up and filled in once: lists and plan ask for hundreds a second, mostly the same.
    const known = new Map<string, string | undefined>();
    const remembered = (key: string, find: () => string | undefined) => {
      if (!known.has(key)) {
        if (known.size >= rememberedAtMost) known.clear();
        known.set(key, find());
      }
      return known.get(key);
    };
    return {
      language,
      t: (key, values) =>
        remembered(values ? `${key} ${JSON.stringify(values)}` : key, () => t(key, values ?? {})) ?? key,
      maybe: (key) => remembered(key, () => (i18n.exists(key) ? t(key) : undefined)),
      number: (value, options) => numberFormat(language, options).format(value),
      percent: (share) =>
        numberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share),
    };
  }, [t, i18n, language]);
  return <TextsContext value={texts}>{children}</TextsContext>;
}

/** The texts of the nearest {@link TextsProvider}. */
export function useTexts(): Texts {
  const texts = useContext(TextsContext);
  if (!texts) throw new Error('useTexts outside a TextsProvider');
  return texts;
}

/** As {@link useTexts} within a page that brings texts of its own: `typeof` its English ones. */
export function usePageTexts<Own extends Readonly<Record<string, string>>>(): Texts<
  TextKey | KeyWithoutForm<keyof Own>
> {
  return useTexts() as Texts<TextKey | KeyWithoutForm<keyof Own>>;
}
