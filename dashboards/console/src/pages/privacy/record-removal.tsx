import type { FormEvent } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { ChangeSteps } from '../../ui/site-file/change-steps.tsx';
import { entriesOf, type Fields, fieldsOf, textOf } from '../../ui/site-file/file-value.ts';
import type { SitePartProps } from '../../ui/site-file/site-part.ts';
import { useChange } from '../../ui/site-file/use-change.ts';
import { recordIndex } from '../../ui/site-file/use-entry-draft.ts';
import { FaceEffects } from './face-effects.tsx';
import type { privacyEn } from './texts-en.ts';

export interface RecordRemovalProps extends Omit<SitePartProps, 'mayEdit'> {
  /** As it stands in the file. */
  readonly was: Fields;
  readonly onLeave: () => void;
  /** It is taken away, and that is in force. */
  readonly onDone: () => void;
}

/** Takes a privacy record away: its cameras look for no faces any more. */
export function RecordRemoval({ was, api, view, reload, onLeave, onDone }: RecordRemovalProps) {
  const { t } = usePageTexts<typeof privacyEn>();
  const change = useChange(api, view);
  const file = fieldsOf(view.value);
  const index = recordIndex(entriesOf(file.privacy), was);
  const review = (event: FormEvent) => {
    event.preventDefault();
    void change.review(async () => [{ path: ['privacy', index] }]);
  };
  const apply = async () => {
    if (await change.apply()) onDone();
  };
  return (
    <form className="managed-stack site-form" onSubmit={review} data-testid="privacy-removal">
      <h3>{t('privacy.removeText', { purpose: textOf(was.purpose) })}</h3>
      <FaceEffects file={file} index={index} after={null} />
      <ChangeSteps
        change={change}
        pointers={[]}
        isChanged={index >= 0}
        onApply={() => void apply()}
        onCancel={onLeave}
        onReload={() => void reload()}
      />
    </form>
  );
}
