import { usePageTexts } from '../../texts/texts.tsx';
import type { Fields } from '../../ui/site-file/file-value.ts';
import { faceChanges } from './missing-of.ts';
import type { privacyEn } from './texts-en.ts';

export interface FaceEffectsProps {
  readonly file: Fields;
  /** Of the record in the file; -1: a new one. */
  readonly index: number;
  /** Null: it is taken away. */
  readonly after: Fields | null;
}

/** At which cameras a change switches the search for faces on or off. */
export function FaceEffects({ file, index, after }: FaceEffectsProps) {
  const { t, language } = usePageTexts<typeof privacyEn>();
  const { on, off, staysOff } = faceChanges(file, index, after, language);
  const listed = (names: readonly string[]) => names.join(language === 'zh-CN' ? '、' : ', ');
  return (
    <div role="status" data-testid="privacy-effects">
      {on.length > 0 && <p>{t('privacy.switchesOn', { cameras: listed(on) })}</p>}
      {off.length > 0 && <p>{t('privacy.switchesOff', { cameras: listed(off) })}</p>}
      {staysOff.length > 0 && <p className="muted">{t('privacy.staysOff', { cameras: listed(staysOff) })}</p>}
    </div>
  );
}
