import type { Problem } from '@watchpost/contracts/api';
import { ApiProblem } from './ask.ts';

const answerWithinMs = 30_000;

/**
 * A photo of an entry, which is seen for a reason: bytes, where all other answers are JSON.
 * @param path below `/api/v1`
 * @throws ApiProblem
 */
export async function photoOf(path: string, reason: string): Promise<Blob> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    credentials: 'same-origin',
    cache: 'no-store',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ reason }),
    signal: AbortSignal.timeout(answerWithinMs),
  }).catch((cause: unknown) => {
    throw new ApiProblem('console.network', String(cause), 0);
  });
  if (response.ok) return response.blob();
  const { code = 'console.answer', message = '' }: Partial<Problem> = await response.json().catch(() => ({}));
  throw new ApiProblem(code, message, response.status);
}
