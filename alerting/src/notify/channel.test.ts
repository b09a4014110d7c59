import { channelAddressSchema } from '@watchpost/contracts/api';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ChannelPeer, channelPeers } from '../testing/channel-peers.ts';
import { testNotice } from '../testing/test-notice.ts';
import type { Delivery } from './channel.ts';

const goesOn = new AbortController().signal;
let peer: ChannelPeer;
afterEach(() => peer.stop());

const send = (notice = testNotice(), signal = goesOn): Promise<Delivery> =>
  peer.channel.send(notice, peer.address, signal);

describe.each(Object.entries(channelPeers))('%s', (_, start) => {
  test('tells in both languages, with the title and the link', async () => {
    peer = await start(10_000);
    expect(channelAddressSchema.parse(peer.address)).toEqual(peer.address);
    expect(await send()).toMatchObject({ outcome: 'sent' });
    expect(await send(testNotice({ language: 'zh-CN', title: '东侧楼梯间烟雾报警' }))).toMatchObject({
      outcome: 'sent',
    });
    const [english, chinese] = peer.told();
    expect(english).toContain('Smoke in the east stairwell');
    expect(english).toContain('https://watch.example/alerts/7');
    expect(chinese).toContain('东侧楼梯间烟雾报警');
  });

  test('the longest notice is taken', async () => {
    peer = await start(10_000);
    const longest = testNotice({ language: 'zh-CN', title: '烟'.repeat(300), body: '"\n报'.repeat(2_600) });
    expect(await send(longest)).toMatchObject({ outcome: 'sent' });
    expect(peer.told()).toHaveLength(1);
  });

  test('a receiver that fails, hangs up or asks for a pause is tried again', async () => {
    peer = await start(10_000);
    for (const [behaviour, code] of [
      ['fails', 'notify.receiver_failed'],
      ['hangs up', 'notify.unreachable'],
      ['throttles', 'notify.throttled'],
    ] as const) {
      if (peer.lacks?.includes(behaviour)) continue;
      peer.behave(behaviour);
      expect(await send(), behaviour).toMatchObject({ outcome: 'retry', code });
    }
    peer.behave('takes');
    expect(await send()).toMatchObject({ outcome: 'sent' });
  });

  test('one that does not trust us is refused until somebody changes that', async () => {
    peer = await start(10_000);
    if (peer.lacks?.includes('distrusts')) return;
    peer.behave('distrusts');
    expect(await send()).toEqual({ outcome: 'refused', code: 'notify.credentials' });
  });

  test('one that hangs costs the deadline, and the end of the service ends it at once', async () => {
    peer = await start(300);
    peer.behave('hangs');
    expect(await send()).toEqual({ outcome: 'retry', code: 'notify.timeout' });
    await peer.stop();
    peer = await start(60_000);
    peer.behave('hangs');
    const ends = new AbortController();
    const sending = send(testNotice(), ends.signal);
    await vi.waitFor(() => expect(peer.tries()).toBe(1));
    ends.abort();
    expect(await sending).toEqual({ outcome: 'retry', code: 'notify.interrupted' });
    expect(await send(testNotice(), ends.signal)).toEqual({ outcome: 'retry', code: 'notify.interrupted' });
  });

  test('one that is gone is tried again', async () => {
    peer = await start(10_000);
    await peer.stop();
    expect(await send()).toEqual({ outcome: 'retry', code: 'notify.unreachable' });
    peer = await start(10_000);
  });

  test('nothing goes out without its secrets, and none comes back', async () => {
    peer = await start(10_000);
    const secrets = Object.entries(peer.secrets);
    peer.behave('distrusts');
    const said = JSON.stringify([await send(), peer.address]);
    for (const [name, value] of secrets) {
      expect(said).not.toContain(value);
      delete peer.secrets[name];
      expect(await send(), name).toEqual({ outcome: 'refused', code: 'notify.secret' });
      peer.secrets[name] = value;
    }
    expect(peer.tries()).toBe(1);
  });
});
