import type { NoticeLanguage } from '@watchpost/contracts/api';
import { severityTerm } from '../text/notice-terms.ts';
import { acknowledgePath } from './link-maker.ts';

/** Where the page’s script is. */
export const acknowledgeScriptPath = `${acknowledgePath}.js`;

/** What the page can have to say; the script shows one of them. */
const texts = {
  en: {
    title: 'Take an incident',
    scripts: 'This page needs JavaScript. Log in to the console instead.',
    looking: 'One moment …',
    ready: 'Nobody has this yet.',
    since: 'Since',
    press: 'I take it',
    console: 'Open the console',
    logIn: 'At this severity you must be logged in. If you are not, you will be asked to.',
    done: 'You have it. Nobody else is called for it any more.',
    taken: 'Somebody has taken it already. There is nothing to do here.',
    'acknowledge.link_invalid':
      'This link is none of this server, or not good any more. Open the whole link of the message.',
    'acknowledge.link_used':
      'This link was used already: each is good once. Look at the console, or at a newer message.',
    'acknowledge.link_expired': 'The time for which this link was good is over. Take it in the console.',
    'acknowledge.over': 'This is over. There is nothing to take any more.',
    'acknowledge.log_in_needed':
      'Log in to the console as the person whom the message was sent to. Then take it there, or come back to this page and press again.',
    'acknowledge.not_yours':
      'Only the person whom the message was sent to takes it by this link, and may have to be allowed to. Is somebody else logged in here?',
    'incident.stale':
      'This has become more severe or has come back since the message. Look at it in the console before you take it.',
    'incident.merged': 'This belongs to another incident now. Take it in the console.',
    'api.too_many_requests': 'Too many tries from here. Wait a minute.',
    'api.insecure_transport': 'This page is not secure: open the link by https.',
    failed: 'The server does not answer as it should. Try again, or take it in the console.',
  },
  'zh-CN': {
    title: '受理警情',
    scripts: '此页面需要 JavaScript。请改为登录控制台。',
    looking: '请稍候……',
    ready: '尚无人受理。',
    since: '开始时间',
    press: '我来受理',
    console: '打开控制台',
    logIn: '受理此级别的警情须先登录；若未登录，会提示您登录。',
    done: '已由您受理，不再因此事通知其他人。',
    taken: '已有人受理，无需操作。',
    'acknowledge.link_invalid': '链接不属于本服务器，或已失效。请打开消息中的完整链接。',
    'acknowledge.link_used': '该链接已使用过，每个链接仅可使用一次。请查看控制台或较新的消息。',
    'acknowledge.link_expired': '该链接已过有效期，请在控制台中受理。',
    'acknowledge.over': '该警情已结束，无需受理。',
    'acknowledge.log_in_needed': '请以收到该消息的人员身份登录控制台，在那里受理，或返回此页面再按一次。',
    'acknowledge.not_yours': '只有收到该消息且有权限的人员才能通过此链接受理。此处是否登录了其他人？',
    'incident.stale': '消息发出后，该警情已升级或再次出现。请先在控制台中查看，再受理。',
    'incident.merged': '该警情已并入另一警情，请在控制台中受理。',
    'api.too_many_requests': '尝试过于频繁，请等待一分钟。',
    'api.insecure_transport': '此页面不安全，请使用 https 打开链接。',
    failed: '服务器未正常应答。请重试，或在控制台中受理。',
  },
} as const satisfies Readonly<Record<NoticeLanguage, Readonly<Record<string, string>>>>;

type TextName = keyof (typeof texts)['en'];
/** Ends of a visit, by the code or the outcome that the server answers. */
const ends = [
  ...(['done', 'taken', 'acknowledge.link_invalid', 'acknowledge.link_used'] as const),
  ...(['acknowledge.link_expired', 'acknowledge.over', 'acknowledge.log_in_needed'] as const),
  ...(['acknowledge.not_yours', 'incident.stale', 'incident.merged'] as const),
  ...(['api.too_many_requests', 'api.insecure_transport', 'failed'] as const),
] satisfies readonly TextName[];

const style = [
  ':root{color-scheme:light dark;font:1.1rem/1.5 system-ui,sans-serif}',
  'main{max-width:32rem;margin:1.5rem auto;padding:0 1rem}',
  '[hidden]{display:none!important}small{opacity:.75;display:block}',
  'button,a.place{display:block;width:100%;box-sizing:border-box;min-height:3.5rem;margin:1rem 0;font:inherit;',
  'text-align:center;border-radius:.5rem;border:2px solid currentColor}',
  'button{background:#0b5cad;color:#fff;border-color:#0b5cad;font-weight:600}button:disabled{opacity:.5}',
  'a.place{line-height:3.5rem;color:inherit;text-decoration:none}',
  '[data-severity]{font-weight:700}',
].join('');

/**
 * The page of a link, in both languages. It says nothing by itself: the secret is behind the `#` of its
 * address, which its script takes from there and asks the server with, and out of the history.
 * @param first the language of who reads
 */
export function acknowledgePage(first: NoticeLanguage): string {
  const both = first === 'en' ? (['en', 'zh-CN'] as const) : (['zh-CN', 'en'] as const);
  const [main, other] = both;
  const say = (name: TextName) => `${texts[main][name]}<small lang="${other}">${texts[other][name]}</small>`;
  const severities = (['critical', 'high', 'medium', 'low'] as const).map(
    (severity) =>
      `<span data-severity="${severity}" hidden>${both.map((one) => severityTerm(one, severity)).join(' · ')}</span>`,
  );
  return [
    `<!doctype html><html lang="${main}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">',
    `<title>${both.map((one) => texts[one].title).join(' · ')}</title><style>${style}</style>`,
    `<script src="${acknowledgeScriptPath}" defer></script></head><body><main><h1>Watchpost</h1>`,
    `<noscript><p>${say('scripts')}</p></noscript>`,
    `<p id="looking" role="status">${say('looking')}</p>`,
    `<section id="ready" hidden><p>${severities.join('')}</p><h2 id="what"></h2>`,
    `<p>${both.map((one) => texts[one].since).join(' · ')}: <span id="since"></span></p>`,
    `<p>${say('ready')}</p><p id="login" hidden>${say('logIn')}</p>`,
    `<button id="press" type="button">${say('press')}</button></section>`,
    '<div role="alert">',
    ...ends.map((name) => `<p data-end="${name}" hidden>${say(name)}</p>`),
    '</div>',
    `<a class="place" id="place" href="/" target="_blank" rel="noreferrer" hidden>${both.map((one) => texts[one].console).join(' · ')}</a>`,
    '</main></body></html>\n',
  ].join('');
}

/**
 * What the page does. Only a press acknowledges; to look, which happens by itself, changes nothing. The
 * secret goes into bodies alone.
 */
export const acknowledgeScript = `'use strict';
(() => {
  const token = location.hash.slice(1);
  history.replaceState(null, '', location.pathname);
  const by = (id) => document.getElementById(id);
  const show = (element, isShown) => { element.hidden = !isShown; };
  const ends = [...document.querySelectorAll('[data-end]')];
  const stays = ['acknowledge.log_in_needed', 'acknowledge.not_yours', 'api.too_many_requests', 'failed'];
  const end = (name, place) => {
    show(by('looking'), false);
    const known = ends.some((one) => one.dataset.end === name) ? name : 'failed';
    for (const one of ends) show(one, one.dataset.end === known);
    if (!stays.includes(known)) show(by('ready'), false);
    if (typeof place === 'string' && place.startsWith('/sites/')) by('place').href = place;
    show(by('place'), true);
  };
  const ask = async (path) => {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token }),
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(20000),
    });
    return { isGood: answer.ok, body: await answer.json() };
  };
  const failing = (body) => end(body.code === 'api.invalid' ? 'acknowledge.link_invalid' : body.code, body.details && body.details.place);
  const look = async () => {
    const { isGood, body } = await ask('/api/v1/acknowledge-link/look');
    if (!isGood) return failing(body);
    show(by('looking'), false);
    by('what').textContent = body.title;
    by('since').textContent = body.since;
    for (const one of document.querySelectorAll('[data-severity]')) show(one, one.dataset.severity === body.severity);
    show(by('login'), body.needsLogIn);
    by('place').href = body.place;
    show(by('ready'), true);
    show(by('place'), true);
  };
  const press = async () => {
    by('press').disabled = true;
    try {
      const { isGood, body } = await ask('/api/v1/acknowledge-link');
      if (isGood) end(body.outcome === 'acknowledged' ? 'done' : 'taken');
      else failing(body);
    } catch { end('failed'); }
    by('press').disabled = false;
  };
  by('press').addEventListener('click', () => void press());
  if (token === '') end('acknowledge.link_invalid');
  else look().catch(() => end('failed'));
})();
`;
