import { useState } from 'react';
import { useTexts } from '../texts/texts.tsx';
import { chooseTheme, chosenTheme, themes } from './theme.ts';

/** Dark, light, or as the device says. */
export function ThemeSwitch() {
  const { t } = useTexts();
  const [chosen, setChosen] = useState(chosenTheme);
  return (
    <fieldset className="theme-switch">
      <legend className="muted">{t('theme.label')}</legend>
      {themes.map((theme) => (
        <label key={theme} className="choice">
          <input
            type="radio"
            name="theme"
            checked={chosen === theme}
            onChange={() => {
              chooseTheme(theme);
              setChosen(theme);
            }}
            data-testid={`theme-${theme}`}
          />
          {t(`theme.${theme}`)}
        </label>
      ))}
    </fieldset>
  );
}
