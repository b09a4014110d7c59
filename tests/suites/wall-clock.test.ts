import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { productFiles } from '../support/product-files.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The clock of the machine is set by people and by NTP, back and forth: it must time nothing. Where it is
 * asked at all, for a date that people or certificates go by, stands here with the reason; everything else is
 * timed by `performance.now()` or a port `monotonicMs`.
 */
const allowed: Readonly<Record<string, string>> = {
  'alerting/src/main.ts': 'dates of alerts, sessions and retention; handed on as `nowMs`',
  'alerting/src/notify/cap/cap-channel.ts': 'when a message was signed, which its receiver judges',
  'alerting/src/notify/http/http-sender.ts': 'how far off the date is from which a receiver wants more',
  'alerting/src/notify/robots/robot-channel.ts': 'when a message was signed, which its receiver judges',
  'alerting/src/notify/webhook/webhook-channel.ts': 'when a message was signed, which its receiver judges',
  'enrolment/src/main.ts': 'which gallery file is the newer one',
  'broker/src/access/authenticator.ts': 'whether a certificate or token is valid',
  'identity/src/claims/claim-service.ts': 'whether an invitation is valid, from when a certificate is',
  'broker/src/operations/flood-notices.ts': 'since when a gateway floods, for people',
  'cli/src/backup/restore-server.ts': 'when a restore is noted',
  'cli/src/commands/add-device.ts': 'whether an assessment lies in the future',
  'cli/src/commands/audit.ts': 'when an export is noted',
  'cli/src/commands/backup.ts': 'when an archive was made, for people',
  'cli/src/commands/restore.ts': 'whether an assessment lies in the future',
  'cli/src/commands/store-move.ts': 'whether an assessment lies in the future',
  'cli/src/commands/upgrade-check.ts': 'whether an assessment lies in the future',
  'cli/src/commands/check.ts': 'whether an assessment lies in the future',
  'cli/src/commands/gateway.ts': 'from when what is issued is valid',
  'cli/src/commands/init.ts': 'from when what is issued is valid',
  'cli/src/commands/plan.ts': 'whether an assessment lies in the future',
  'cli/src/start/gateway-door-process.ts': 'whether an invitation is valid, from when a certificate is',
  'cli/src/commands/lists.ts': 'when the keys of the lists are said to be changed',
  'cli/src/commands/pass-life.ts': 'from when what is issued is valid',
  'cli/src/commands/pass.ts': 'from when what is issued is valid',
  'cli/src/commands/replay.ts': 'up to when a past is scored anew',
  'cli/src/commands/token.ts': 'from when what is issued is valid',
  'cli/src/demo/run-demo-steps.ts': 'until when the entries of the demo are valid',
  'cli/src/demo/main.ts': 'from when the passes of the demo are valid',
  'cli/src/server/open-server-folder.ts': 'whether an assessment lies in the future',
  'cli/src/commands/user.ts': 'from when a link is valid',
  'cli/src/start/start-server.ts': 'whether a certificate of the server is due; when an archive was written',
  'dashboards/console/src/live/site-clock.ts': 'how far the computer of the officer is off',
  'dashboards/console/src/live/tab-lease.ts':
    'tabs have no other clock in common; one that is set counts as lost',
  'dashboards/console/src/pages/duty/written-layer.ts': 'the day from which a new layer of a rota counts',
  'dashboards/console/src/pages/privacy/record-form.tsx': 'whether a record is valid as it is being written',
  'edge-agent/src/agent/gateway-state.ts': 'what the clock says, in the state',
  'edge-agent/src/camera/decoder-process.ts': 'when a picture was taken, from its monotonic age',
  'edge-agent/src/tamper/tamper-file.ts': 'what is kept over a restart has no other clock',
  'edge-agent/src/clock/clock-file.ts': 'the clock of the machine, which GatewayClock corrects',
  'edge-agent/src/identity/watch-certificate.ts': 'how old the certificate is',
  'edge-agent/src/outbox/open-outboxes.ts': 'the time within the id of an event',
  'edge-agent/src/passes/redemption-file.ts': 'the name of a file that is set aside',
  'edge-agent/src/recognition/face-handler.ts': 'ids of tracks that no other run has',
  'edge-agent/src/run-agent.ts': 'whether an assessment lies in the future',
  'edge-agent/src/drivers/stream-scanner.ts': 'when a code was read; GatewayClock corrects it',
  'hardware/src/reading.ts': 'when a reading was taken; GatewayClock corrects it',
  'inference/src/frame/decode-image.ts': 'when a picture without a time was taken',
  'service/src/folder-lock.ts': 'compared with the date of a file',
};

/** Lines that ask the clock, without comments. */
function asksClock(text: string): boolean {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
  return /\bDate\.now\b|\bnew Date\(\s*\)|\bnew Date(?!\s*\()\b|(?<!new )\bDate\(\s*\)/.test(code);
}

it('the clock of the machine is asked only where a date is wanted', () => {
  const files = productFiles(root, /\.(tsx?|mjs|cjs|js)$/);
  expect(files.length).toBeGreaterThan(400);
  const asking = files.filter((path) => asksClock(readFileSync(join(root, path), 'utf8')));
  expect(asking.sort()).toEqual(Object.keys(allowed).sort());
});

it('the check finds the clock in its forms, and nothing in comments', () => {
  for (const line of [
    'const t = Date.now();',
    'now = Date.now,',
    'new Date().toISOString()',
    'const t = new Date;',
    'Date()',
  ])
    expect([line, asksClock(line)]).toEqual([line, true]);
  for (const line of [
    '// Date.now()',
    '/** new Date() */',
    'new Date(0)',
    'new Date(nowMs())',
    'performance.now()',
  ])
    expect([line, asksClock(line)]).toEqual([line, false]);
});
