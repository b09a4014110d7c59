/** The long forms of suites and benches, by name. Each gets the remaining arguments and gives the exit code. */
const soaks: Readonly<Record<string, (args: readonly string[]) => Promise<number>>> = {};

// `npm run soak -- NAME [ARGUMENTS]`
const [name = '', ...rest] = process.argv.slice(2);
const soak = soaks[name];
if (soak) process.exitCode = await soak(rest);
else {
  process.stderr.write(`usage: npm run soak -- ${Object.keys(soaks).join('|')} …\n`);
  process.exitCode = 2;
}
