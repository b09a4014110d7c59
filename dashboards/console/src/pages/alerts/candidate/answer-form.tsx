import type { Alert } from '@watchpost/contracts/alert';
import type { AlertDetail, CandidateAnswer, CandidateAnswerRequest } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useRef, useState } from 'react';
import { ApiProblem, type Ask } from '../../../api/ask.ts';
import { newId } from '../../../api/new-id.ts';
import { usePageTexts } from '../../../texts/texts.tsx';
import { useAction } from '../../../ui/use-action.ts';
import type { candidateEn } from './texts-en.ts';

export interface AnswerFormProps {
  readonly ask: Ask;
  readonly alert: Alert;
  readonly answers: readonly CandidateAnswer[];
  readonly onChanged: (detail: AlertDetail) => void;
}

const words = {
  confirmed: { text: 'candidate.confirm', help: 'candidate.confirmHelp', look: 'button button-primary' },
  refused: { text: 'candidate.refuse', help: 'candidate.refuseHelp', look: 'button button-danger' },
} as const;

/**
 * The two answers, with the version that is on the screen. One that failed keeps its id, so that trying the
 * same again cannot happen twice at the server.
 */
export function AnswerForm({ ask, alert, answers, onChanged }: AnswerFormProps) {
  const { t } = usePageTexts<typeof candidateEn>();
  const [note, setNote] = useState('');
  const action = useAction();
  const failed = useRef<{ readonly id: string; readonly wish: string }>(undefined);
  const say = (answer: CandidateAnswer) =>
    void action.run(async () => {
      const written = note.trim();
      const wish = { version: alert.version, answer, ...(written === '' ? {} : { note: written }) };
      const text = JSON.stringify(wish);
      const id = failed.current?.wish === text ? failed.current.id : newId();
      failed.current = { id, wish: text };
      const params = { id: alert.id };
      try {
        const request: CandidateAnswerRequest = { id, ...wish };
        onChanged(await call(ask, 'POST /alerts/{id}/candidate', { params, body: request }));
        failed.current = undefined;
      } catch (failure) {
        // Somebody else may have moved it on: show where it stands.
        if (failure instanceof ApiProblem && failure.status === 409)
          await call(ask, 'GET /alerts/{id}', { params }).then(onChanged, () => undefined);
        throw failure;
      }
    });
  return (
    <section className="candidate-question" aria-labelledby="candidate-question">
      <h4 id="candidate-question">{t('candidate.question')}</h4>
      <label className="field">
        <span className="field-label">{t('candidate.note')}</span>
        <textarea
          className="field-input"
          rows={2}
          maxLength={500}
          value={note}
          onChange={({ target }) => setNote(target.value)}
          data-testid="candidate-note"
        />
      </label>
      <p className="problem" role="alert" data-testid="candidate-problem">
        {action.problem}
      </p>
      <div className="candidate-answers">
        {answers.map((answer) => (
          <div key={answer}>
            <button
              type="button"
              className={words[answer].look}
              aria-describedby={`candidate-${answer}-help`}
              data-testid={`candidate-${answer}`}
              data-pending={action.busy || undefined}
              onClick={() => say(answer)}
            >
              {t(words[answer].text)}
            </button>
            <small id={`candidate-${answer}-help`} className="muted">
              {t(words[answer].help)}
            </small>
          </div>
        ))}
      </div>
    </section>
  );
}
