import type { Delivery } from './channel.ts';

/** A try that failed, on its way out of the layers that noticed it. */
export class Undelivered extends Error {
  readonly delivery: Exclude<Delivery, { outcome: 'sent' }>;

  constructor(delivery: Exclude<Delivery, { outcome: 'sent' }>, cause?: unknown) {
    super(delivery.code, { cause });
    this.delivery = delivery;
  }
}

/** The outcome of a try: what it returns, or what it was {@link Undelivered} for. */
export async function settle(attempt: () => Promise<Delivery>): Promise<Delivery> {
  try {
    return await attempt();
  } catch (failure) {
    if (failure instanceof Undelivered) return failure.delivery;
    throw failure;
  }
}
