import type { ListEntry, ListStep } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../../ui/ask-first.tsx';
import { Field } from '../../ui/field.tsx';
import { startOf } from './entry-form.tsx';
import { ReasonField } from './reason-field.tsx';
import type { listsEn } from './texts-en.ts';

export interface EntryStepsProps {
  readonly ask: Ask;
  readonly entry: ListEntry;
  readonly onChanged: (entry: ListEntry) => void;
  /** The person wants to change what the entry says. */
  readonly onEdit: () => void;
}

/** Steps that ask for a reason, and those that end an entry. */
const withReason: readonly ListStep[] = ['refuse', 'withdraw', 'review', 'erase'];
const endings: readonly ListStep[] = ['withdraw', 'erase'];

/** What the person may do with an entry now; each step says what follows, and asks first. */
export function EntrySteps({ ask, entry, onChanged, onEdit }: EntryStepsProps) {
  const { t } = usePageTexts<typeof listsEn>();
  const take = async (step: Exclude<ListStep, 'edit'>, fields: FormData) => {
    const reason = String(fields.get('reason') ?? '').trim();
    const review = String(fields.get('review') ?? '');
    const body = {
      version: entry.version,
      ...(reason === '' ? {} : { reason }),
      ...(review === '' ? {} : { review: startOf(review) }),
    };
    onChanged(await call(ask, `POST /lists/{id}/${step}`, { params: { id: entry.id }, body }));
  };
  const steps = entry.may.filter((step) => step !== 'edit') as Exclude<ListStep, 'edit'>[];
  if (entry.may.length === 0) return null;
  return (
    <section className="managed-part" aria-labelledby="entry-steps">
      <h3 id="entry-steps">{t('lists.steps')}</h3>
      <div className="steps-row">
        {steps.map((step) => (
          <AskFirst
            key={step}
            button={t(`lists.step.${step}`)}
            testId={`step-${step}`}
            danger={endings.includes(step)}
            title={t('lists.stepTitle', { step: t(`lists.step.${step}`), label: entry.label })}
            text={t(`lists.stepText.${step}`)}
            onConfirm={(fields) => take(step, fields)}
          >
            {withReason.includes(step) ? <ReasonField /> : null}
            {step === 'review' ? (
              <Field
                label={t('lists.reviewNext')}
                {...{ name: 'review', type: 'date', required: true }}
                defaultValue={entry.review.slice(0, 10)}
                data-testid="step-review-day"
              />
            ) : null}
          </AskFirst>
        ))}
        {entry.may.includes('edit') ? (
          <button type="button" className="button" onClick={onEdit} data-testid="step-edit">
            {t('lists.step.edit')}
          </button>
        ) : null}
      </div>
    </section>
  );
}
