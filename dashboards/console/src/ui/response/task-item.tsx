import type { ResponseTask } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import { Link } from 'wouter';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { clockTime } from '../../texts/time-text.ts';
import { SubjectText } from './subject-text.tsx';
import { TaskSteps } from './task-steps.tsx';
import type { responseEn } from './texts-en.ts';

export interface TaskItemProps {
  readonly ask: Ask;
  readonly task: ResponseTask;
  readonly site: Site | null;
  readonly onChanged: () => Promise<void>;
}

/** A task: what, where, how far it is, and what follows. */
export function TaskItem({ ask, task, site, onChanged }: TaskItemProps) {
  const { t, language } = usePageTexts<typeof responseEn>();
  const { subject, unit, state, since, note } = task;
  return (
    <li className="response-task" data-testid="task" data-state={state}>
      {subject && <SubjectText subject={subject} site={site} />}
      <p>
        <b>{unit.name}</b>
        {' · '}
        {t(`response.state.${state}`)}
        {' · '}
        {t('response.since', { time: clockTime(Date.parse(since), site?.timeZone, language) })}
      </p>
      {note !== '' && <p>{t('response.note', { note })}</p>}
      <TaskSteps ask={ask} task={task} onChanged={onChanged} />
      {subject && (
        <Link href={`/alerts/${subject.alert}`} className="button button-quiet">
          {t('response.openAlert')}
        </Link>
      )}
    </li>
  );
}
