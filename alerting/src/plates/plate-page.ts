const texts = {
  'zh-CN': {
    title: '地址门牌',
    genuine: '这是真实的地址门牌。',
    meaning: '它只标明地点，不含任何人的信息，也不能开门。',
    number: '门牌编号',
    unknown: '这不是我们的门牌。',
    warning: '二维码的签名不正确。请不要在它打开的页面上输入任何内容，并告知本楼管理方。',
  },
  en: {
    title: 'Address plate',
    genuine: 'This is a genuine address plate.',
    meaning: 'It marks a place. It says nothing of anybody, and opens no door.',
    number: 'Plate number',
    unknown: 'This is none of our address plates.',
    warning:
      'The signature of its code is not right. Enter nothing on pages that it leads to, and tell the management of this building.',
  },
} as const;

/**
 * What a phone shows that opened the address of a plate, in both languages: whether it is genuine, and the
 * number that it bears.
 * @param number of a genuine plate, `[A-Za-z0-9_-]`; undefined: it is none
 * @param first the language of who reads
 */
export function platePage(number: string | undefined, first: 'en' | 'zh-CN'): string {
  const both = first === 'en' ? (['en', 'zh-CN'] as const) : (['zh-CN', 'en'] as const);
  const parts = both.map((language) => {
    const text = texts[language];
    const said =
      number === undefined
        ? `<p><b>${text.unknown}</b></p><p>${text.warning}</p>`
        : `<p><b>${text.genuine}</b></p><p>${text.meaning}</p><p>${text.number}: <code>${number}</code></p>`;
    return `<section lang="${language}"><h2>${text.title}</h2>${said}</section>`;
  });
  return [
    `<!doctype html><html lang="${first}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="robots" content="noindex">',
    `<title>${both.map((language) => texts[language].title).join(' · ')}</title>`,
    '<style>:root{color-scheme:light dark;font:1.1rem/1.5 system-ui,sans-serif}',
    'main{max-width:32rem;margin:2rem auto;padding:0 1rem}code{overflow-wrap:anywhere}</style>',
    `</head><body><main><h1>Watchpost</h1>${parts.join('')}</main></body></html>\n`,
  ].join('');
}
