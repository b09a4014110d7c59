import type { ArmingAreaView } from '@watchpost/contracts/api';
import type { Site } from '@watchpost/contracts/site';
import type { ManagedPageProps } from '../../ui/managed-page.ts';

/** What each part of an area gets. */
export interface AreaPartProps extends Pick<ManagedPageProps, 'ask'> {
  readonly area: ArmingAreaView;
  readonly site: Site | null;
  /** By the clock of the server. */
  readonly nowMs: number;
  readonly onChanged: () => Promise<void>;
}
