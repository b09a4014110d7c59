// What somebody does with the one-time link of a new server: chooses a name and a password, and sees the
// first alert.
//   first-alert.mjs LINK DEVICE      ends with 0 once there is an alert of the device
const [link = '', device] = process.argv.slice(2);
const { origin, hash } = new URL(link);
const ask = (path, options) => fetch(new URL(`/api/v1${path}`, origin), options);
const answer = await ask('/account-link/password', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ token: hash.slice(1), user: 'first admin', password: 'four words are enough' }),
});
if (!answer.ok) throw new Error(`the link answered ${answer.status}: ${await answer.text()}`);
const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
let alerts = [];
for (let tries = 0; tries < 120; tries++) {
  ({ alerts } = await (await ask('/alerts', { headers: { cookie } })).json());
  const found = alerts.find((alert) => alert.device === device);
  if (found) {
    console.log(`alert: ${found.severity} ${found.eventType} of ${found.device}`);
    process.exit(0);
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
}
console.error(`no alert of ${device}:`, alerts);
process.exit(1);
