// For `watchpost replay`: what it asks, and what carries it out on a server that does not run.
export { instantOf } from './instant-of.ts';
export { onReplayStore, type ReplayCommand, type ReplayStep } from './replay-command.ts';
