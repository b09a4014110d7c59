/** What the registry says of one error code. */
export interface ErrorEntry {
  /** What was wrong, as a constant sentence. */
  readonly summary: string;
  /** What the person who meets it should do. */
  readonly action: string;
  /** The HTTP status used when the error leaves through the API. */
  readonly status: number;
}

export const entry = (status: number, summary: string, action: string): ErrorEntry => ({
  summary,
  action,
  status,
});
