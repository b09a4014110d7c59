import { loadSecrets } from '../start/secrets.ts';
import { prepareDemo } from './prepare-demo.ts';

// A process of its own: models and encoder are gone from memory when the demo runs.
const [dataFolder] = process.argv.slice(2);
if (!dataFolder) throw new Error('usage: demo/main.ts DATA_FOLDER');
const files = await prepareDemo(dataFolder, loadSecrets(dataFolder), Date.now());
process.send?.({ files }, () => process.disconnect());
