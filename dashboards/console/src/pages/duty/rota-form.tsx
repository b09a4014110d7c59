import type { DutyRota } from '@watchpost/contracts/api';
import { call } from '@watchpost/contracts/client';
import { type FormEvent, useCallback, useState } from 'react';
import type { Ask } from '../../api/ask.ts';
import { newId } from '../../api/new-id.ts';
import { usePageTexts } from '../../texts/texts.tsx';
import { Field } from '../../ui/field.tsx';
import { Submit } from '../../ui/submit.tsx';
import { useAction } from '../../ui/use-action.ts';
import { useLoaded } from '../../ui/use-loaded.ts';
import { LayerFields } from './layer-fields.tsx';
import type { dutyEn } from './texts-en.ts';
import { newLayer, toLayer, type WrittenLayer, written } from './written-layer.ts';

export interface RotaFormProps {
  readonly ask: Ask;
  readonly site: string;
  /** What is changed; absent: a new one is made. */
  readonly rota?: DutyRota | undefined;
  readonly onDone: () => Promise<void>;
}

/** What a rota says: its layers in their order, and who takes turns in each. */
export function RotaForm({ ask, site, rota, onDone }: RotaFormProps) {
  const { t } = usePageTexts<typeof dutyEn>();
  const action = useAction();
  const [id] = useState(newId);
  const [layers, setLayers] = useState<readonly WrittenLayer[]>(
    () => rota?.layers.map(written) ?? [newLayer(t('duty.layerName'))],
  );
  const people = useLoaded(
    useCallback(() => call(ask, 'GET /duty/people', { query: { site } }), [ask, site]),
  );
  const change = (key: string, changed: Partial<WrittenLayer>) =>
    setLayers(layers.map((layer) => (layer.key === key ? { ...layer, ...changed } : layer)));
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    if (layers.some((layer) => layer.people.length === 0)) {
      action.refuse(t('duty.nobodyChosen'));
      return;
    }
    const plan = {
      ...{ name: String(fields.get('name') ?? ''), layers: layers.map(toLayer) },
      coverage: fields.has('always') ? ('always' as const) : ('planned' as const),
      holidays: fields.has('holidays'),
    };
    await action.run(async () => {
      if (rota) {
        const { version, zones, timeZone } = rota;
        await call(ask, 'POST /duty/rotas/{id}', {
          params: { id: rota.id },
          body: { ...plan, version, zones, timeZone },
        });
      } else await call(ask, 'POST /duty/rotas', { query: { site }, body: { ...plan, id } });
      await onDone();
    });
  }
  return (
    <form className="managed-form" onSubmit={(event) => void submit(event)} data-testid="rota-form">
      <p className="problem" role="alert">
        {people.problem}
      </p>
      <Field
        label={t('duty.name')}
        {...{ name: 'name', required: true, maxLength: 80, autoComplete: 'off', defaultValue: rota?.name }}
        data-testid="rota-name"
      />
      <label>
        <input
          {...{ type: 'checkbox', name: 'always', defaultChecked: rota?.coverage !== 'planned' }}
          data-testid="rota-always"
        />
        {t('duty.always')}
      </label>
      <label>
        <input
          {...{ type: 'checkbox', name: 'holidays', defaultChecked: rota?.holidays ?? false }}
          data-testid="rota-holidays"
        />
        {t('duty.holidays')}
      </label>
      <p className="muted">{t('duty.layersText')}</p>
      {layers.map((layer, index) => (
        <LayerFields
          key={layer.key}
          {...{ layer, index, people: people.value?.people ?? [] }}
          onChange={(changed) => change(layer.key, changed)}
          onRemove={
            layers.length > 1 ? () => setLayers(layers.filter(({ key }) => key !== layer.key)) : undefined
          }
        />
      ))}
      <button
        type="button"
        className="button"
        onClick={() => setLayers([...layers, newLayer(t('duty.layerName'))])}
        data-testid="rota-add-layer"
      >
        {t('duty.addLayer')}
      </button>
      <Submit action={action} label={t('duty.save')} testId="rota-save" />
    </form>
  );
}
