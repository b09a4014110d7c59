import type { factorEn } from './factor-texts-en.ts';

/** The same in Chinese. */
export const factorZhCn: Readonly<Record<keyof typeof factorEn, string>> = {
  'account.byProvider': '您通过身份提供方登录，此项由其管理，请到那里修改。',
  'account.factors': '双重验证',
  'account.factorsWhy': '除密码外，再加一样只有您拥有的东西：即使有人得知您的密码，也无法登录。',
  'account.factorsRequired': '您的角色必须设置。',
  'account.factorsNone': '尚未设置。',
  'account.factorTotp': '身份验证器应用',
  'account.factorPasskey': '通行密钥',
  'account.factorSince': '自 {{time}}',
  'account.factorRemove': '移除',
  'account.factorRemoveTitle': '移除“{{label}}”？',
  'account.factorRemoveText': '今后登录时不再要求此验证，它也不能再用于登录。',
  'account.proof': '您的密码',
  'account.totpBegin': '设置身份验证器应用',
  'account.totpReplace': '换用其他手机',
  'account.totpReplaceText': '新手机的验证码确认之后，原来的应用和恢复码全部作废。',
  'account.totpScan':
    '用手机上的身份验证器应用扫描此二维码，或在应用中手动输入密钥，然后填写应用显示的六位数字。',
  'account.totpPicture': '供身份验证器应用扫描的二维码',
  'account.totpKey': '密钥',
  'account.totpCode': '六位数字',
  'account.totpConfirm': '确认',
  'account.totpCancel': '暂不设置',
  'account.passkeyBegin': '设置通行密钥',
  'account.passkeyText':
    '通行密钥保存在本设备、手机或安全密钥中。它可作为第二重验证；若设备能确认是您本人（PIN、指纹、面容），无需密码即可登录。',
  'account.passkeyLabel': '名称，例如“我的手机”',
  'account.passkeyHindrance.insecure': '通行密钥需要安全的页面：请通过 HTTPS 打开控制台后再设置。',
  'account.passkeyHindrance.browser': '此浏览器不支持通行密钥。',
  'account.passkeyHindrance.address':
    '通行密钥需要域名：请通过 HTTPS 和域名（而非 IP 地址）打开控制台后再设置。',
  'account.passkeyHindrance.elsewhere': '通行密钥只用于 {{origin}}：请在该地址打开控制台后再设置。',
  'account.codes': '恢复码',
  'account.codesLeft_one': '还剩 {{count}} 个。手边没有其他验证方式时，每个可登录一次。',
  'account.codesLeft_other': '还剩 {{count}} 个。手边没有其他验证方式时，每个可登录一次。',
  'account.codesHow':
    '请与手机分开保管：写在纸上放在安全的地方，或存入密码管理器。手机丢失时，每个可登录一次。',
  'account.codesRenew': '生成新的恢复码',
  'account.codesRenewText': '现有的恢复码将全部作废。',
};
