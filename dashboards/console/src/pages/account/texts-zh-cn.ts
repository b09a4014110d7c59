import type { accountEn } from './texts-en.ts';

/** “我的账户”页面的文字。 */
export const accountZhCn: Readonly<Record<keyof typeof accountEn, string>> = {
  'account.who': '当前用户：{{user}}',
  'account.rights': '您的权限',
  'account.site': '站点',
  'account.role': '角色',
  'account.language': '此浏览器的语言',
};
