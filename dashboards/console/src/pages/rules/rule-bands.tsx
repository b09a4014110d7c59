import { useId } from 'react';
import { usePageTexts } from '../../texts/texts.tsx';
import { type Bands, bandNames, bandOutOfOrder } from './rule-draft.ts';
import type { rulesEn } from './texts-en.ts';

interface RuleBandsProps {
  readonly bands: Bands;
  readonly onBands: (bands: Bands) => void;
}

/** The score from which an alert is of each severity. */
export function RuleBands({ bands, onBands }: RuleBandsProps) {
  const { t } = usePageTexts<typeof rulesEn>();
  const wrongId = useId();
  const wrong = bandOutOfOrder(bands);
  return (
    <fieldset className="rules-bands">
      <legend>{t('rules.bands')}</legend>
      {bandNames.map((name) => (
        <label className="field" key={name}>
          <span className="field-label">{t(`severity.${name}`)}</span>
          <input
            className="field-input"
            type="number"
            min={1}
            max={100}
            value={bands[name]}
            aria-describedby={wrongId}
            aria-invalid={wrong === name || undefined}
            onChange={({ target }) => {
              const value = Math.min(100, Math.max(1, Math.trunc(Number(target.value)) || 1));
              onBands({ ...bands, [name]: value });
            }}
            data-testid={`rules-band-${name}`}
          />
        </label>
      ))}
      <p className="problem" id={wrongId} role="alert" data-testid="rules-bands-problem">
        {wrong && t('rules.bandsWrong', { severity: t(`severity.${wrong}`) })}
      </p>
    </fieldset>
  );
}
