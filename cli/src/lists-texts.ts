const texts = {
  en: {
    rekeyed: 'new gallery keys',
    entries: 'entries',
    taken:
      'Gateways take the new gallery and its keys now; what they had before matches nothing made from now on.',
    nextStart: 'Gateways take the new gallery and its keys after the next start.',
    lost: 'Its template could not be read and is gone; add a photo again',
  },
  'zh-CN': {
    rekeyed: '人脸库密钥已更换',
    entries: '个条目',
    taken: '网关正在取用新的人脸库及其密钥；旧的人脸库与此后生成的内容无法匹配。',
    nextStart: '下次启动后，网关将取用新的人脸库及其密钥。',
    lost: '以下条目的模板无法读取，已经丢失，请重新添加照片',
  },
} as const;

/** What the commands about the lists say. @param chinese whether the person reads Chinese */
export const listsTexts = (chinese: boolean) => texts[chinese ? 'zh-CN' : 'en'];
