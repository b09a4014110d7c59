import { type FormEvent, useEffect, useRef } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import type { listsEn } from './texts-en.ts';

export interface StepFormProps {
  /** What is about to be done. */
  readonly title: string;
  readonly needsReason: boolean;
  /** Asks for the date of the next review, and offers this one. */
  readonly review?: string;
  readonly busy: boolean;
  readonly onCancel: () => void;
  readonly onConfirm: (said: { readonly reason: string; readonly review: string }) => void;
}

/** Asks before a step is taken, and why. */
export function StepForm({ title, needsReason, review, busy, onCancel, onConfirm }: StepFormProps) {
  const { t } = usePageTexts<typeof listsEn>();
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('textarea, input, button')?.focus(), []);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const fields = new FormData(event.currentTarget);
    const day = String(fields.get('review') ?? '');
    onConfirm({
      reason: String(fields.get('reason') ?? '').trim(),
      review: day === '' ? '' : `${day}T00:00:00.000Z`,
    });
  };
  return (
    <form
      className="managed-form"
      ref={form}
      onSubmit={submit}
      aria-label={title}
      onKeyDown={({ key }) => {
        if (key === 'Escape') onCancel();
      }}
      data-testid="step-form"
    >
      {needsReason ? (
        <label className="list-field">
          {t('lists.why')}
          <textarea
            name="reason"
            required
            minLength={3}
            maxLength={1_000}
            rows={2}
            data-testid="step-reason"
          />
        </label>
      ) : null}
      {review === undefined ? null : (
        <label className="list-field">
          {t('lists.review')}
          <input
            name="review"
            type="date"
            required
            defaultValue={review.slice(0, 10)}
            data-testid="step-review"
          />
        </label>
      )}
      <div className="list-buttons">
        <button
          type="submit"
          className="button button-primary"
          data-pending={busy || undefined}
          data-testid="step-confirm"
        >
          {t('lists.confirm', { step: title })}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t('lists.cancel')}
        </button>
      </div>
    </form>
  );
}
