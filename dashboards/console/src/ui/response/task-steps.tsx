import type { ResponseTask, TaskState } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { AskFirst } from '../ask-first.tsx';
import { LongField } from '../field.tsx';
import { useAction } from '../use-action.ts';
import type { responseEn } from './texts-en.ts';

export interface TaskStepsProps {
  readonly ask: Ask;
  readonly task: ResponseTask;
  readonly onChanged: () => Promise<void>;
}

/** The next rung as one big button, and what else may follow. */
export function TaskSteps({ ask, task, onChanged }: TaskStepsProps) {
  const { t } = usePageTexts<typeof responseEn>();
  const action = useAction();
  // A press that is repeated after a lost answer is one step.
  const [request, setRequest] = useState(newId);
  const [next, ...others] = task.steps;
  const take = async (to: TaskState, reason?: string) => {
    await call(ask, 'POST /response/tasks/{id}/steps', {
      params: { id: task.id },
      body: {
        ...{ id: request, version: task.version, to },
        ...(reason ? { reason } : {}),
      },
    });
    setRequest(newId());
    await onChanged();
  };
  return (
    <>
      <p className="problem" role="alert" data-testid="task-problem">
        {action.problem}
      </p>
      {next && (
        <button
          type="button"
          className="button button-primary response-next"
          data-pending={action.busy || undefined}
          onClick={() => void action.run(() => take(next.to)).then((done) => !done && void onChanged())}
          data-testid="task-next"
        >
          {t(`response.step.${next.to}`)}
        </button>
      )}
      {others.length > 0 && (
        <div className="steps-row">
          {others.map(({ to, needsReason }) => (
            <AskFirst
              key={to}
              button={t(`response.step.${to}`)}
              testId={`task-${to}`}
              title={t(`response.step.${to}`)}
              text={t('response.stepText')}
              onConfirm={(fields) => take(to, String(fields.get('reason') ?? '').trim())}
            >
              <LongField
                label={t('response.why')}
                {...{ name: 'reason', required: needsReason, minLength: 3, maxLength: 500 }}
                data-testid={`task-${to}-reason`}
              />
            </AskFirst>
          ))}
        </div>
      )}
    </>
  );
}
