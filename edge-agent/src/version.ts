import manifest from '../package.json' with { type: 'json' };

/** Version of this agent, as it is reported in the gateway's state. */
export const agentVersion: string = manifest.version;
