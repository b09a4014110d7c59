const texts = {
  en: {
    made: 'made',
    kept: 'was there, unchanged',
    server: 'Server',
    next: 'Next',
    start: 'start it',
    service: 'or as a service',
    first: 'then, once and within a day, its first administrator opens',
    root: 'Phones and computers trust the console once they have its root',
    guide: 'Guide',
    guidePath: 'docs/guides/first-site.md',
    siteName: 'My site',
  },
  'zh-CN': {
    made: '已创建',
    kept: '已存在，未改动',
    server: '服务器',
    next: '接下来',
    start: '启动',
    service: '或作为系统服务运行',
    first: '随后由第一位管理员打开（仅限一次，一天内有效）',
    root: '手机和电脑安装根证书后即信任控制台',
    guide: '指南',
    guidePath: 'docs/guides/first-site.zh-CN.md',
    siteName: '我的站点',
  },
} as const;

/** What `watchpost init` says. @param chinese whether the person reads Chinese */
export const initTexts = (chinese: boolean) => texts[chinese ? 'zh-CN' : 'en'];
