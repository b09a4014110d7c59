import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { loadPageTexts, type PageTexts } from '../texts/i18n.ts';

/** A page whose code and texts are loaded when somebody opens it, so that nobody else waits for them. */
export const lazyPage = <Props>(
  load: () => Promise<ComponentType<Props>>,
  texts: PageTexts,
): LazyExoticComponent<ComponentType<Props>> =>
  lazy(async () => {
    const [page] = await Promise.all([load(), loadPageTexts(texts)]);
    return { default: page };
  });
