import { lazyPage } from '../../ui/lazy-page.ts';
import type { WallProps } from './wall-page.tsx';

/** The wall view, when a screen shows it. */
export const wallPage = lazyPage<WallProps>(async () => (await import('./wall-page.tsx')).WallPage, {
  en: async () => (await import('./texts-en.ts')).wallEn,
  'zh-CN': async () => (await import('./texts-zh-cn.ts')).wallZhCn,
});
