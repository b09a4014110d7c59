/** What a simulated device can be told to do, by class of profile. */
export const simulatorActions = {
  code_reader: ['scan'],
  door_contact: ['open', 'close'],
  smoke: ['alarm', 'clear'],
  temperature: ['set', 'release'],
} as const;

/** A class of profile that has a simulator. */
export type SimulatedKind = keyof typeof simulatorActions;
