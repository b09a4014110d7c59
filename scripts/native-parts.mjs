// Run by the installation on Node 24: loads each package that has a binary of its own for every platform, and
// names what does not load.
process.env.ORT_DISABLE_TELEMETRY = '1';

const packages = [
  'rolldown',
  'lightningcss',
  'sharp',
  'node-av/lib',
  'onnxruntime-node',
  '@electric-sql/pglite',
];

let missing = 0;
for (const name of packages) {
  try {
    await import(name);
  } catch (error) {
    missing += 1;
    console.error(`  ${name} does not load: ${String(error.message).split('\n')[0]}`);
  }
}
process.exit(missing === 0 ? 0 : 1);
