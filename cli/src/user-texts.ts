const texts = {
  en: {
    every: 'every site',
    none: 'nobody yet',
    disabled: 'Disabled',
    link: 'One-time link, to be given to this person alone',
    until: 'good until',
    folderFirst:
      'The folder comes first now: watchpost user … DIR NAME. The order with the name first still works.',
    states: { active: 'active', invited: 'invited', disabled: 'disabled' },
  },
  'zh-CN': {
    every: '全部站点',
    none: '尚无账户',
    disabled: '已停用',
    link: '一次性链接，请只交给本人',
    until: '有效期至',
    folderFirst: '现在文件夹写在前面：watchpost user … DIR NAME。名称在前的旧写法仍然有效。',
    states: { active: '启用', invited: '已邀请', disabled: '停用' },
  },
} as const;

/** What the commands about accounts say. @param chinese whether the person reads Chinese */
export const userTexts = (chinese: boolean) => texts[chinese ? 'zh-CN' : 'en'];
