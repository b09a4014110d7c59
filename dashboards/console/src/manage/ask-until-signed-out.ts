import { ApiProblem, type Ask } from '../api/ask.ts';

/** Asks the same, and says so when the answer is that nobody is logged in any more. */
export const askUntilSignedOut =
  (ask: Ask, onSignedOut: () => void): Ask =>
  async <T>(...question: Parameters<Ask>): Promise<T> => {
    try {
      return await ask<T>(...question);
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.code === 'api.unauthenticated') onSignedOut();
      throw problem;
    }
  };
