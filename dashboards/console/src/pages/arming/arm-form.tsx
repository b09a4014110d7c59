import type { ArmingAreaView, ReadinessProblem } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useState } from 'react';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { TickField } from '../../ui/field.tsx';
import { useAction } from '../../ui/use-action.ts';
import { addressed } from './addressed.ts';
import type { AreaPartProps } from './area-part.ts';
import { useProblemWords } from './problem-words.ts';
import type { armingEn } from './texts-en.ts';

type Mode = ArmingAreaView['modes'][number]['mode'];
type Left = Readonly<Record<string, 'once' | 'closed'>>;

/** Arms an area: in which mode, and without what. */
export function ArmForm({ ask, area, site, nowMs, onChanged }: AreaPartProps) {
  const { t } = usePageTexts<typeof armingEn>();
  const words = useProblemWords(site, nowMs);
  const action = useAction();
  const [id, setId] = useState(newId);
  const [chosen, setChosen] = useState<Mode | undefined>(area.modes[0]?.mode);
  const [left, setLeft] = useState<Left>({});
  const mode = area.modes.find((one) => one.mode === chosen) ?? area.modes[0];
  if (!mode) return null;
  const { problems } = mode;
  const arm = async (atOnce: boolean) => {
    const bypass = problems.flatMap(({ device }) => {
      const until = left[device];
      return until ? [{ device, until }] : [];
    });
    await call(ask, 'POST /arming/{area}/arm', {
      ...addressed(area),
      body: { id, version: area.version, mode: mode.mode, bypass, atOnce },
    });
    setId(newId());
    setLeft({});
    await onChanged();
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const atOnce = new FormData(event.currentTarget).get('atOnce') === 'on';
    void action.run(() => arm(atOnce));
  };
  return (
    <form onSubmit={submit} className="area-form" data-testid="area-arm-form">
      <fieldset>
        <legend>{t('arming.mode')}</legend>
        {area.modes.map((one) => (
          <label key={one.mode} className="choice">
            <input
              type="radio"
              name="mode"
              value={one.mode}
              checked={one.mode === mode.mode}
              onChange={() => setChosen(one.mode)}
              data-testid={`area-mode-${one.mode}`}
            />
            {t(`arming.mode.${one.mode}`)}
          </label>
        ))}
      </fieldset>
      <p data-testid="area-ready" data-ready={problems.length === 0}>
        {problems.length === 0 ? t('arming.ready') : t('arming.notReady', { what: words.problems(problems) })}
      </p>
      {problems.map((problem) => (
        <LeaveOut
          key={problem.device}
          {...{ problem, name: words.device(problem.device), until: left[problem.device] }}
          onChoose={(until) => {
            const { [problem.device]: _, ...others } = left;
            setLeft(until ? { ...others, [problem.device]: until } : others);
          }}
        />
      ))}
      {mode.exitSeconds > 0 && (
        <TickField label={t('arming.atOnce')} name="atOnce" data-testid="area-at-once" />
      )}
      <button type="submit" className="button button-large" disabled={action.busy} data-testid="area-arm">
        {t('arming.arm')}
      </button>
      <p className="problem" role="alert" data-testid="area-arm-problem">
        {action.problem}
      </p>
    </form>
  );
}

function LeaveOut({
  problem,
  name,
  until,
  onChoose,
}: {
  readonly problem: ReadinessProblem;
  readonly name: string;
  readonly until: 'once' | 'closed' | undefined;
  readonly onChoose: (until: 'once' | 'closed' | undefined) => void;
}) {
  const { t } = usePageTexts<typeof armingEn>();
  return (
    <label className="field">
      <span className="field-label">{t('arming.leaveOut', { device: name })}</span>
      <select
        className="field-input"
        value={until ?? ''}
        onChange={({ target }) =>
          onChoose(target.value === 'once' || target.value === 'closed' ? target.value : undefined)
        }
        data-testid={`area-leave-out-${problem.device}`}
      >
        <option value="">{t('arming.keep')}</option>
        <option value="once">{t('arming.once')}</option>
        {problem.problem !== 'lost' && <option value="closed">{t('arming.closed')}</option>}
      </select>
    </label>
  );
}
