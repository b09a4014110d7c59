import { type FormEvent, useEffect, useState } from 'react';
import { photoOf } from '../../../api/photo-of.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import { Field } from '../../../ui/field.tsx';
import { Submit } from '../../../ui/submit.tsx';
import { useAction } from '../../../ui/use-action.ts';
import type { candidateEn } from './texts-en.ts';

export interface EnrolledPhotoProps {
  /** Of the photos, below `/api/v1`. */
  readonly path: string;
  readonly photos: number;
  readonly may: boolean;
  /** Name of the camera, for the reason that is offered. */
  readonly camera: string;
}

/** The enrolled photos, one at a time, each for a reason. Kept for as long as the card is there. */
export function EnrolledPhoto({ path, photos, may, camera }: EnrolledPhotoProps) {
  const { t } = usePageTexts<typeof candidateEn>();
  const [reason, setReason] = useState(() => t('candidate.whyDefault', { camera }));
  const [shown, setShown] = useState<{ readonly index: number; readonly url: string } | null>(null);
  const action = useAction();
  useEffect(() => () => (shown ? URL.revokeObjectURL(shown.url) : undefined), [shown]);
  if (photos === 0)
    return (
      <p className="muted" data-testid="candidate-no-photos">
        {t('candidate.noPhotos')}
      </p>
    );
  if (!may) return null;
  const next = shown ? (shown.index + 1) % photos : 0;
  const show = (event: FormEvent) => {
    event.preventDefault();
    void action.run(async () => {
      const photo = await photoOf(`${path}/${next}/view`, reason);
      setShown({ index: next, url: URL.createObjectURL(photo) });
    });
  };
  return (
    <section aria-labelledby="candidate-photo" className="candidate-photo">
      <h4 id="candidate-photo">{t('candidate.photos')}</h4>
      {shown && (
        <img
          src={shown.url}
          alt={t('candidate.photoAlt', { number: shown.index + 1, of: photos })}
          data-testid="candidate-photo-shown"
        />
      )}
      {(!shown || photos > 1) && (
        <form onSubmit={show} className="candidate-form">
          <Field
            label={t('candidate.why')}
            value={reason}
            required
            minLength={3}
            maxLength={1000}
            onChange={({ target }) => setReason(target.value)}
            data-testid="candidate-photo-reason"
          />
          <Submit
            action={action}
            label={shown ? t('candidate.next', { number: next + 1, of: photos }) : t('candidate.show')}
            testId="candidate-photo-show"
          />
        </form>
      )}
    </section>
  );
}
