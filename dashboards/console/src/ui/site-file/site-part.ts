import type { SiteFileView } from '@watchpost/contracts/api';
import type { SiteFileApi } from './site-file-api.ts';

/** What each part of the page gets. */
export interface SitePartProps {
  readonly api: SiteFileApi;
  readonly view: SiteFileView;
  /** Whether the person may change anything. */
  readonly mayEdit: boolean;
  readonly reload: () => Promise<void>;
  /** A change is in force: its words, and the file is loaded anew. */
  readonly onDone: (said: string) => void;
}
