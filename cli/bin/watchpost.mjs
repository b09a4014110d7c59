#!/usr/bin/env node
// The `watchpost` command: the command line of cli/src on Node 24, whichever Node started it. In this
// process, because each one between a supervisor and the product is one more that can die alone.
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, fileURLToPath(new URL('../src/main.ts', import.meta.url)));
await import('../../scripts/run.mjs');
