import { sitePlanSchema } from '@watchpost/contracts/site';
import i18next from 'i18next';
import { renderToStaticMarkup } from 'react-dom/server';
import { initReactI18next } from 'react-i18next';
import { expect, it } from 'vitest';
import { en } from '../../texts/en.ts';
import { TextsProvider } from '../../texts/texts.tsx';
import { PlanSwitch } from './plan-switch.tsx';

const plan = (id: string, name?: string) =>
  sitePlanSchema.parse({
    id,
    ...(name ? { name: { en: name, 'zh-CN': name } } : {}),
    ...{ widthM: 9, heightM: 9, northWest: { latitude: 1, longitude: 1 }, walls: [] },
  });
const ground = plan('ground', 'Ground floor');
const first = plan('first', 'First floor');
const attic = plan('attic');

async function drawn(plans: (typeof ground)[], open: Readonly<Record<string, number>> = {}): Promise<string> {
  await i18next
    .use(initReactI18next)
    .init({ lng: 'en', resources: { en: { translation: en } }, keySeparator: false });
  const counts = new Map(Object.entries(open));
  return renderToStaticMarkup(
    <TextsProvider>
      <PlanSwitch plans={plans} shown={ground} open={counts} onChoose={() => undefined} />
    </TextsProvider>,
  );
}

it('is not there where a site has one plan', async () => {
  expect(await drawn([ground], { ground: 3 })).toBe('');
});

it('says beside the choice what is open on the plans that are not shown', async () => {
  const html = await drawn([ground, first, attic], { ground: 3, attic: 2 });
  expect(html).toContain('<option value="ground" selected="">Ground floor (3)</option>');
  expect(html).toContain('<option value="first">First floor</option>');
  expect(html.match(/<button/g)).toHaveLength(1);
  expect(html).toContain('data-plan="attic">attic: 2 open</button>');
});

it('with nothing open elsewhere there is the choice alone', async () => {
  expect(await drawn([ground, first], { ground: 3 })).not.toContain('<button');
});
