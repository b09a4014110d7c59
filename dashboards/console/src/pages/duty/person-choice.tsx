import { call } from '@watchpost/contracts/client';
import { useCallback } from 'react';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { useLoaded } from '../../ui/use-loaded.ts';
import type { dutyEn } from './texts-en.ts';

export interface PersonChoiceProps {
  readonly ask: Ask;
  readonly site: string;
  /** Who is not offered. */
  readonly except?: string;
  readonly testId: string;
}

/** Who may be on duty on a site, to choose from; the field is called `person`. */
export function PersonChoice({ ask, site, except, testId }: PersonChoiceProps) {
  const { t } = usePageTexts<typeof dutyEn>();
  const { value, problem } = useLoaded(
    useCallback(() => call(ask, 'GET /duty/people', { query: { site } }), [ask, site]),
  );
  return (
    <label className="field">
      <span className="field-label">{t('duty.who')}</span>
      <select className="field-input" name="person" required data-testid={testId}>
        {value?.people
          .filter(({ id }) => id !== except)
          .map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
      </select>
      {problem !== '' && <small className="problem">{problem}</small>}
    </label>
  );
}
