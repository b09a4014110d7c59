import { createHmac } from 'node:crypto';
import { type Answer, answerWith, type ReceivedRequest } from './web-receiver.ts';

/** A service of group robots: answers 200 to everything, and says in the body what it thinks of it. */
export interface FakeRobot {
  readonly answer: Answer;
  /** Texts that came through. */
  readonly texts: string[];
}

interface Rules {
  /** What is wrong with a message, as its error code; 0 for nothing. */
  readonly wrong: (request: ReceivedRequest) => number;
  readonly textOf: (body: never) => string;
  readonly field: 'errcode' | 'code';
  /** Messages that it takes before it complains, and how. */
  readonly atMost: number;
  readonly tooMany: number;
}

function fakeRobot({ wrong, textOf, field, atMost, tooMany }: Rules): FakeRobot {
  const texts: string[] = [];
  const answer: Answer = (response, request) => {
    const code = wrong(request) || (texts.length >= atMost ? tooMany : 0);
    if (code === 0) texts.push(textOf(JSON.parse(request.body) as never));
    const text = field === 'code' ? { msg: 'as documented' } : { errmsg: 'as documented' };
    answerWith(200, { 'content-type': 'application/json' }, { [field]: code, ...text })(response, request);
  };
  return { texts, answer };
}

const query = ({ path }: ReceivedRequest) => new URL(path, 'http://robot.example').searchParams;
const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('base64');

/** WeCom: 20 a minute, text up to 2,048 bytes, the key in the address. */
export const fakeWecom = (key: string): FakeRobot =>
  fakeRobot({
    field: 'errcode',
    atMost: 20,
    tooMany: 45_009,
    textOf: ({ text }: { text: { content: string } }) => text.content,
    wrong: (request) => {
      if (query(request).get('key') !== key) return 93_000;
      const { msgtype, text } = JSON.parse(request.body);
      if (msgtype !== 'text') return 40_008;
      return Buffer.byteLength(text.content) > 2_048 ? 45_002 : 0;
    },
  });

/** DingTalk with a signature: 20 a minute, no older than an hour. */
export const fakeDingtalk = (token: string, key: string): FakeRobot =>
  fakeRobot({
    field: 'errcode',
    atMost: 20,
    tooMany: 130_101,
    textOf: ({ text }: { text: { content: string } }) => text.content,
    wrong: (request) => {
      const asked = query(request);
      if (asked.get('access_token') !== token) return 300_001;
      const timestamp = asked.get('timestamp') ?? '';
      if (Math.abs(Date.now() - Number(timestamp)) > 3_600_000) return 310_000;
      if (asked.get('sign') !== hmac(key, `${timestamp}\n${key}`)) return 310_000;
      return Buffer.byteLength(request.body) > 15_000 ? 400_302 : 0;
    },
  });

/** Feishu with a signature: 5 a second, a body up to 20 KB, no older than an hour. */
export const fakeFeishu = (key: string): FakeRobot =>
  fakeRobot({
    field: 'code',
    atMost: 5,
    tooMany: 11_232,
    textOf: ({ content }: { content: { text: string } }) => content.text,
    wrong: (request) => {
      if (Buffer.byteLength(request.body) > 20_000) return 9_499;
      const { timestamp, sign } = JSON.parse(request.body);
      if (Math.abs(Date.now() / 1_000 - Number(timestamp)) > 3_600) return 19_021;
      return sign === hmac(`${timestamp}\n${key}`, '') ? 0 : 19_021;
    },
  });
