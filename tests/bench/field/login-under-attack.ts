import { DoorSite, people } from '../../support/door-site.ts';
import { type Answer, codeOf, cookiesOf } from '../../support/http-caller.ts';
import { percentile } from '../figure.ts';
import type { FieldBench } from './field-bench.ts';

const rightOnes = 50;
const wrongAtOnce = 300;
const attackers = Array.from({ length: 25 }, (_each, index) => `127.0.1.${index + 1}`);

/**
 * Keeps 300 wrong log-ins under way, on all accounts and one that does not exist, until it is told to stop.
 */
function storm(site: DoorSite): { stop(): Promise<readonly string[]> } {
  const accounts = [...people.map(({ user }) => user), 'nobody'];
  const codes: string[] = [];
  let going = true;
  const one = async (index: number): Promise<void> => {
    for (let turn = index; going; turn += wrongAtOnce) {
      const from = attackers[turn % attackers.length] ?? '';
      const answer = await site.logIn(accounts[turn % accounts.length] ?? '', `guess ${turn}`, { from });
      codes.push(codeOf(answer));
    }
  };
  const all = Promise.all(Array.from({ length: wrongAtOnce }, (_each, index) => one(index)));
  return {
    stop: async () => {
      going = false;
      await all;
      return codes;
    },
  };
}

/**
 * Right log-ins during an attack: half in browsers that were in before, half in new ones at addresses of
 * their own, one after the other, on the accounts under attack.
 */
export const loginUnderAttack: FieldBench = {
  name: 'login-under-attack',
  figures: ['login_under_attack_p99_ms'],
  run: async (say) => {
    const site = await new DoorSite().start();
    try {
      const cookies = new Map<string, string>();
      for (const { user } of people) cookies.set(user, cookiesOf(await site.logIn(user)));
      const attack = storm(site);
      const answers: Answer[] = [];
      for (let index = 0; index < rightOnes; index++) {
        const user = people[index % people.length]?.user ?? '';
        const isKnown = index % 2 === 0;
        const headers = isKnown ? { cookie: cookies.get(user) ?? '' } : {};
        answers.push(
          await site.logIn(user, undefined, { from: `127.0.${isKnown ? 3 : 2}.${index + 1}`, headers }),
        );
      }
      const codes = await attack.stop();
      const refused = answers.filter(({ status }) => status !== 200).map(codeOf);
      if (refused.length > 0) throw new Error(`${refused.length} right log-ins refused: ${refused[0]}`);
      const looked = codes.filter((code) => code === 'api.bad_credentials').length;
      say(`login-under-attack: ${codes.length} wrong tries, ${looked} passwords looked at`);
      const value = percentile(
        answers.map(({ tookMs }) => tookMs),
        0.99,
      );
      return [
        { figure: 'login_under_attack_p99_ms', value: Math.round(value), unit: 'ms', n: answers.length },
      ];
    } finally {
      await site.stop();
    }
  },
};
