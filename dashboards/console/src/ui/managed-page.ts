import type { Session } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { Ask } from '../api/ask.ts';

/** What a page that is managed gets. */
export interface ManagedPageProps {
  readonly ask: Ask;
  readonly session: Session;
  /** Those that the person may see, by their ids, as far as they are loaded. */
  readonly sites: ReadonlyMap<string, Site>;
}
