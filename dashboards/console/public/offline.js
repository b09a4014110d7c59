// The page that the browser shows while the server is not reachable: since when, and that nobody is told here.

const everyMs = 5_000;

const texts = {
  en: {
    title: 'The server is not reachable',
    since: (time) => `Not live since ${time}.`,
    unknown: 'Not live.',
    meaning:
      'New alerts do not arrive here. Watch the site by other means, and see to the network of this device.',
    again: 'Try again',
  },
  'zh-CN': {
    title: '无法连接服务器',
    since: (time) => `自 ${time} 起未连接。`,
    unknown: '未连接。',
    meaning: '新的告警不会到达本设备。请以其他方式值守，并检查本设备的网络。',
    again: '重试',
  },
};

const recall = (name) => {
  try {
    return localStorage.getItem(`watchpost.${name}`);
  } catch {
    return null;
  }
};

const wished = recall('language') ?? navigator.languages.find((one) => /^(?:zh|en)\b/i.test(one)) ?? 'en';
const language = /^zh/i.test(wished) ? 'zh-CN' : 'en';
const say = texts[language];
const lastLive = Date.parse(recall('lastLive') ?? '');
const time = new Intl.DateTimeFormat(language, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

document.documentElement.lang = language;
document.getElementById('title').textContent = say.title;
document.getElementById('since').textContent = Number.isNaN(lastLive)
  ? say.unknown
  : say.since(time.format(lastLive));
document.getElementById('meaning').textContent = say.meaning;
const again = document.getElementById('again');
again.textContent = say.again;
again.addEventListener('click', () => location.reload());

/** Back to the console as soon as the server answers. */
async function look() {
  try {
    const answer = await fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(everyMs) });
    if (answer.status < 600) location.reload();
  } catch {
    setTimeout(look, everyMs);
  }
}
setTimeout(look, everyMs);
