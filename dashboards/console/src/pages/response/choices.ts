import type { DutyPerson } from '@watchpost/contracts/api';

/** What the forms of one site choose from. */
export interface Choices {
  readonly people: readonly DutyPerson[];
  readonly receivers: readonly { readonly id: string; readonly name: string }[];
}
