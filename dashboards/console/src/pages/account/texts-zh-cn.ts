import { factorZhCn } from '../../ui/factors/factor-texts-zh-cn.ts';
import type { accountEn } from './texts-en.ts';

/** “我的账户”页面的文字。 */
export const accountZhCn: Readonly<Record<keyof typeof accountEn, string>> = {
  ...factorZhCn,
  'account.who': '您当前以 {{name}} 登录（用户名：{{user}}）。',
  'account.whoSame': '您当前以 {{user}} 登录。',
  'account.rights': '您的权限',
  'account.site': '站点',
  'account.role': '角色',
  'account.zones_one': '仅限 {{count}} 个区域：{{names}}',
  'account.zones_other': '仅限 {{count}} 个区域：{{names}}',
  'account.language': '语言',
  'account.languageHelp': '无论在哪里登录，控制台都会以此语言显示。',
  'account.languageNone': '跟随浏览器',
  'account.saved': '已保存。',

  'account.password': '密码',
  'account.passwordOld': '当前密码',
  'account.passwordNew': '新密码',
  'account.passwordAgain': '再次输入新密码',
  'account.passwordHint': '至少 {{count}} 个字符；由几个词组成的密码更好记。',
  'account.passwordDiffer': '两次输入的新密码不一致。',
  'account.passwordChange': '修改密码',
  'account.passwordChanged': '密码已修改，您在其他地方的登录均已结束。',
  'account.passwordNone': '您在此无需密码登录。',

  'account.sessions': '您的登录',
  'account.sessionBrowser': '浏览器',
  'account.sessionFrom': '来自',
  'account.sessionSince': '登录时间',
  'account.sessionUsed': '最近使用',
  'account.sessionHere': '当前浏览器',
  'account.sessionUnknown': '未知',
  'account.sessionOn': '{{system}} 上的 {{name}}',
  'account.sessionEnd': '结束',
  'account.sessionEndLabel': '结束来自 {{from}} 的登录（{{browser}}）',
  'account.sessionEndOthers': '结束所有其他登录',
  'account.sessionEndOthersText': '除当前登录外，您的所有登录都将结束，那里打开的页面会回到登录页。',

  'account.needTitle': '需要双重验证',
  'account.needText': '您的角色必须设置双重验证。请在此设置，完成之前无法打开其他内容。',
  'account.needDone': '进入控制台',
};
