/** What commands say about files of a server folder. */
const texts = {
  en: {
    good: 'No mistakes',
    found: 'found',
    expected: 'expected',
    meant: 'did you mean',
    known: 'known',
    least: 'at least',
    most: 'at most',
    kept: 'kept as',
    mistakes: 'Mistakes',
    warnings: 'Works, and may not do what you think it does',
    more: 'More that are not shown',
    added: 'Added',
    nextStart: 'It counts from the next start.',
    off: 'Switched off until mended',
    keepsVersion: 'Not put into force; the version before goes on',
    noVersion: 'Not put into force, and no version before is good',
    types: {
      text: 'a text',
      number: 'a number',
      whole_number: 'a whole number',
      true_or_false: 'true or false',
      list: 'a list',
      settings: 'settings, each `name: value`',
    },
  },
  'zh-CN': {
    good: '没有错误',
    found: '现为',
    expected: '应为',
    meant: '是否想写',
    known: '已知',
    least: '至少',
    most: '至多',
    kept: '另存为',
    mistakes: '错误',
    warnings: '可以运行，但可能与您设想的不同',
    more: '未显示的还有',
    added: '已添加',
    nextStart: '下次启动时生效。',
    off: '改正前停用',
    keepsVersion: '未生效，继续使用上一版本',
    noVersion: '未生效，且没有可用的旧版本',
    types: {
      text: '文本',
      number: '数字',
      whole_number: '整数',
      true_or_false: 'true 或 false',
      list: '列表',
      settings: '若干行“名称: 值”',
    },
  },
} as const;

/** @param chinese whether the person reads Chinese */
export const serverFolderTexts = (chinese: boolean) => (chinese ? texts['zh-CN'] : texts.en);
export type ServerFolderTexts = ReturnType<typeof serverFolderTexts>;
