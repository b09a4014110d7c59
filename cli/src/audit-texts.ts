const texts = {
  en: {
    whole: 'The audit log is whole',
    entries: 'entries',
    from: 'from position',
    head: 'Head, to be noted outside of this server',
    broken: 'The audit log is broken at position',
    faults: {
      changed: 'the entry is not as it was written',
      missing: 'the entry that belongs there is gone, or another stands in its place',
      unlinked: 'the entry does not follow from the one before it',
      head: 'the log does not have the entry that was noted as its head',
    },
    exported: 'entries exported',
  },
  'zh-CN': {
    whole: '审计日志完整',
    entries: '条记录',
    from: '起始位置',
    head: '日志末端（请记录在服务器之外）',
    broken: '审计日志在此位置被破坏',
    faults: {
      changed: '该记录与写入时不一致',
      missing: '应有的记录缺失，或被其他记录顶替',
      unlinked: '该记录与前一条不衔接',
      head: '日志中没有此前记下的末端记录',
    },
    exported: '条记录已导出',
  },
} as const;

/** What the commands about the audit log say. @param chinese whether the person reads Chinese */
export const auditTexts = (chinese: boolean) => texts[chinese ? 'zh-CN' : 'en'];
