import type { ResponseOffer } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import type { Site } from '@watchpost/contracts/site';
import { Link } from 'wouter';
import type { Ask } from '../../api/ask.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { clockTime } from '../../texts/time-text.ts';
import { AskFirst } from '../ask-first.tsx';
import { LongField } from '../field.tsx';
import { useAction } from '../use-action.ts';
import { GiveTask } from './give-task.tsx';
import { SubjectText } from './subject-text.tsx';
import { TaskItem } from './task-item.tsx';
import type { responseEn } from './texts-en.ts';

export interface OfferItemProps {
  readonly ask: Ask;
  readonly offer: ResponseOffer;
  readonly site: Site | null;
  /** At the alert: what it is about stands there already, and units are given their tasks. */
  readonly mayOffer: boolean;
  /** Tasks that stand elsewhere on the page. */
  readonly mine?: readonly string[];
  readonly onChanged: () => Promise<void>;
}

/** What a department was offered, whether it has it, and who of it has which task. */
export function OfferItem({ ask, offer, site, mayOffer, mine = [], onChanged }: OfferItemProps) {
  const { t, language } = usePageTexts<typeof responseEn>();
  const action = useAction();
  const { id, department, note, acknowledgedAt, acknowledgedBy, endedAt, tasks, part, about } = offer;
  const at = (time: string) => clockTime(Date.parse(time), site?.timeZone, language);
  const shown = (tasks ?? []).filter((task) => !mine.includes(task.id));
  return (
    <li className="response-task" data-testid="offer" data-department={department.name}>
      {!mayOffer && about && <SubjectText subject={about} site={site} />}
      <p>
        <b>{department.name}</b>
        {' · '}
        {t(`response.kind.${department.kind}`)}
      </p>
      {note !== '' && <p>{t('response.note', { note })}</p>}
      <p data-testid="offer-state">
        {endedAt !== null
          ? t('response.ended', { time: at(endedAt) })
          : acknowledgedAt === null
            ? t('response.waiting')
            : `${t('response.acknowledged', { time: at(acknowledgedAt) })} ${acknowledgedBy ?? ''}`}
      </p>
      <p className="problem" role="alert">
        {action.problem}
      </p>
      {part !== null && acknowledgedAt === null && endedAt === null && (
        <button
          type="button"
          className="button button-primary"
          data-pending={action.busy || undefined}
          onClick={() =>
            void action.run(async () => {
              await call(ask, 'POST /response/offers/{id}/acknowledge', { params: { id } });
              await onChanged();
            })
          }
          data-testid="offer-acknowledge"
        >
          {t('response.acknowledge')}
        </button>
      )}
      {shown.length > 0 && (
        <ul className="response-list">
          {shown.map((task) => (
            <TaskItem
              key={task.id}
              {...{ ask, site, onChanged }}
              task={{ ...task, subject: null, note: '' }}
            />
          ))}
        </ul>
      )}
      {mayOffer && part === 'dispatch' && endedAt === null && (
        <>
          <GiveTask ask={ask} offer={offer} onChanged={onChanged} />
          <AskFirst
            button={t('response.end')}
            testId="offer-end"
            title={t('response.endTitle', { department: department.name })}
            text={t('response.endText')}
            onConfirm={async (fields) => {
              const reason = String(fields.get('reason') ?? '');
              await call(ask, 'POST /response/offers/{id}/end', { params: { id }, body: { reason } });
              await onChanged();
            }}
          >
            <LongField
              label={t('response.why')}
              {...{ name: 'reason', required: true, minLength: 3, maxLength: 500 }}
              data-testid="offer-end-reason"
            />
          </AskFirst>
        </>
      )}
      {!mayOffer && about && (
        <Link href={`/alerts/${about.alert}`} className="button button-quiet">
          {t('response.openAlert')}
        </Link>
      )}
    </li>
  );
}
