import { lazyPage } from '../../ui/lazy-page.ts';
import type { ManagedPageProps } from '../../ui/managed-page.ts';
import { responseTexts } from '../../ui/response/response-texts.ts';

/** The page of one’s own tasks, when somebody opens it. */
export const tasksPage = lazyPage<ManagedPageProps>(
  async () => (await import('./tasks-page.tsx')).TasksPage,
  responseTexts,
);

/** The page of departments and units, when somebody opens it. */
export const departmentsPage = lazyPage<ManagedPageProps>(
  async () => (await import('./departments-page.tsx')).DepartmentsPage,
  responseTexts,
);
