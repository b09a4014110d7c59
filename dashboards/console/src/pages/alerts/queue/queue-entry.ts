import { lazyPage } from '../../../ui/lazy-page.ts';
import type { QueueToolsProps } from './queue-tools.tsx';

/** What stands above the list of alerts. */
export const queueTools = lazyPage<QueueToolsProps>(
  async () => (await import('./queue-tools.tsx')).QueueTools,
  {
    en: async () => (await import('./texts-en.ts')).queueEn,
    'zh-CN': async () => (await import('./texts-zh-cn.ts')).queueZhCn,
  },
);
