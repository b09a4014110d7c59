import { recall, remember, whenRemembered } from '../live/remembered.ts';

/** As the device says, or as somebody chose. */
export const themes = ['device', 'dark', 'light'] as const;
export type Theme = (typeof themes)[number];

const key = 'theme';
const asked = 'prefers-color-scheme: light';

/** Rules of the light scheme, in the style sheets that were loaded. */
function lightRules(): CSSMediaRule[] {
  return [...document.styleSheets].flatMap((sheet) =>
    [...sheet.cssRules].filter(
      (rule): rule is CSSMediaRule => rule instanceof CSSMediaRule && (known.has(rule) || isLight(rule)),
    ),
  );
}

/** Their conditions are changed; which they are is remembered. */
const known = new WeakSet<CSSMediaRule>();
const isLight = ({ media }: CSSMediaRule): boolean => media.mediaText.includes(asked);

const conditions: Readonly<Record<Theme, string>> = { device: `(${asked})`, dark: 'not all', light: 'all' };

/** What was chosen in this browser. */
export const chosenTheme = (): Theme => themes.find((theme) => theme === recall(key)) ?? 'device';

function show(theme: Theme): void {
  for (const rule of lightRules()) {
    known.add(rule);
    rule.media.mediaText = conditions[theme];
  }
  document.documentElement.dataset.theme = theme;
}

/** From now on, in all tabs of this browser. */
export function chooseTheme(theme: Theme): void {
  remember(key, theme);
  show(theme);
}

/** Shows what was chosen, once the style sheets are there, and follows other tabs. */
export function startTheme(): void {
  show(chosenTheme());
  addEventListener('load', () => show(chosenTheme()), { once: true });
  whenRemembered(key, () => show(chosenTheme()));
}
