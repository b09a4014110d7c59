import type { Language } from '@watchpost/contracts/api';
import { type ComponentType, type LazyExoticComponent, Suspense } from 'react';
import { DrawnPage } from './drawn-page.tsx';

/** Draws a page that is loaded when somebody opens it, with its texts, as the console does. */
export function openPage<Props extends object>(
  Page: LazyExoticComponent<ComponentType<Props>>,
  props: Props,
  language: Language = 'en',
): Promise<DrawnPage> {
  return DrawnPage.open(
    <Suspense>
      <Page {...props} />
    </Suspense>,
    { language },
  );
}
