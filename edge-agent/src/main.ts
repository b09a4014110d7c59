#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

// Keeps the young generation at its initial size. Frames and pipe chunks live outside the heap and their
// garbage goes only when the young generation is collected, so a large one costs some 40 MB of resident
// memory and gains nothing. It must be set before the modules are loaded, because loading them makes it grow.
setFlagsFromString('--semi-space-growth-factor=1');
const { runAgent } = await import('./run-agent.ts');

await runAgent();
