#!/usr/bin/env node
// `node scripts/install.mjs gateway|server|all FOLDER [--with-flows]`: the program without the checkout, on
// the Node that it is locked to. What comes in is looked at before a gigabyte is fetched for it; the rest is
// install/main.ts, which runs on that Node.
import { fileURLToPath } from 'node:url';

const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
const chinese = /^zh/i.test(locale);
const usage = 'node scripts/install.mjs gateway|server|all FOLDER [--with-flows]';
const help = chinese
  ? `用法：${usage}
把 Watchpost 安装到指定目录，之后无需 npm 和检出目录即可运行。
  gateway       仅网关
  server        服务器，不含本机网关
  all           服务器、网关和演示
  --with-flows  另装 Node-RED（用于 server 和 all）`
  : `usage: ${usage}
Puts Watchpost into a folder, where it needs neither npm nor the checkout.
  gateway       a gateway alone
  server        a server without a gateway of its own
  all           server, gateway and demo
  --with-flows  Node-RED as well, for server and all`;

/** Why the arguments cannot be used, in one line; undefined when they can. */
function mistakeIn(args) {
  const flags = args.filter((each) => each.startsWith('-'));
  const [role, folder, ...more] = args.filter((each) => !each.startsWith('-'));
  const unknown = flags.find((flag) => flag !== '--with-flows');
  if (unknown !== undefined) return unknown;
  if (!['gateway', 'server', 'all'].includes(role)) return role ?? 'gateway|server|all';
  if (!folder) return chinese ? '缺少目录' : 'no folder';
  if (more.length > 0) return more[0];
  return role === 'gateway' && flags.length > 0 ? 'gateway --with-flows' : undefined;
}

const args = process.argv.slice(2);
if (args.includes('--help') || args.includes('-h')) {
  console.log(help);
  process.exit(0);
}
const mistake = mistakeIn(args);
if (mistake !== undefined) {
  const what = chinese
    ? '没有说明要安装什么或安装到哪里。'
    : 'The installation was not told what to install, or where.';
  console.error(`[install.arguments] ${what} (${mistake})\n${help}`);
  process.exit(2);
}
const [role, folder] = args.filter((each) => !each.startsWith('-'));
const main = fileURLToPath(new URL('./install/main.ts', import.meta.url));
process.argv.splice(2, args.length, main, role, folder, args.length > 2 ? 'with-flows' : 'without-flows');
await import('./run.mjs');
