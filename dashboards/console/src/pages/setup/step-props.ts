import type { Session, SiteFileView } from '@watchpost/contracts/api';
import type { Ask } from '../../api/ask.ts';
import type { SiteFileApi } from '../../ui/site-file/site-file-api.ts';
import type { Still } from '../../ui/site-file/use-still.ts';
import type { Choices, SetupStep } from './setup-steps.ts';

/** What each step of the wizard gets. */
export interface StepProps {
  readonly step: SetupStep;
  readonly ask: Ask;
  readonly session: Session;
  readonly api: SiteFileApi;
  readonly view: SiteFileView;
  readonly reload: () => Promise<void>;
  readonly choices: Choices;
  /** The newest picture of the camera that is being set up. */
  readonly still: Still;
  /** On to the next step, with what was chosen in this one. */
  readonly onNext: (chosen?: Choices) => Promise<void>;
  readonly onBack: (() => void) | null;
}
