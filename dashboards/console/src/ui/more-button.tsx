import type { Paged } from './use-paged.ts';

export interface MoreButtonProps {
  readonly more: Paged<unknown>['more'];
  readonly label: string;
  readonly testId: string;
}

/** Asks for the next page of a list; not there where nothing follows. */
export const MoreButton = ({ more, label, testId }: MoreButtonProps) =>
  more && (
    <button type="button" className="button" onClick={more} data-testid={testId}>
      {label}
    </button>
  );
