import { floodingGateway } from '@watchpost/contracts/wire';

/** Marks a message that Redis has: it comes back on the bus, to this node too. */
export const handedOver = 'handed over';
/** The broker id of what came from the bus. */
export const fromBus = 'bus';

/**
 * Topics that stay on their node: its numbers, and what Aedes says to itself. Who floods is told everywhere.
 */
export const isOfNode = (topic: string): boolean =>
  topic.startsWith('$SYS/') && floodingGateway(topic) === undefined;
