import { textsFor } from './texts.ts';

/** What `--help` says about the commands for models and passes. */
const help = {
  en: {
    lang: 'en or zh-CN; default the locale’s',
    models: 'the models that Watchpost knows',
    modelsList: 'name, task, source and licence of every model',
    modelsVerify: 'compare every model file with the SHA-256 of its manifest',
    filesFrom: 'folder with model files of your own',
    modelsCard: 'what is known of a model and what is not, as Markdown',
    modelName: 'a name of the list; default all',
    pass: 'visitor passes',
    keyFile: 'where the private key goes; must not exist',
    newKey: 'make a key that signs passes; prints its public part for the gates',
    kid: 'id of the key; default made from the public key',
    issuer: 'the only issuer of passes under this key',
    issue: 'print a pass for paper, good from now on',
    key: 'private key that signs',
    audience: 'gates or zones where the pass is good',
    hours: 'how long it is good',
    uses: 'how often it may be redeemed',
    address: 'address code of the unit that is visited',
    verify: 'check a pass offline; exit code 0 accepted, 1 rejected',
    passText: 'the pass; default standard input',
    keys: 'public key, or an array of them',
    gate: 'the gate or zone that asks',
  },
  'zh-CN': {
    lang: 'en 或 zh-CN；默认取自系统语言',
    models: 'Watchpost 所知的模型',
    modelsList: '列出各模型的名称、任务、来源和许可',
    modelsVerify: '将各模型文件与清单中的 SHA-256 比对',
    filesFrom: '用户自备模型文件所在的文件夹',
    modelsCard: '以 Markdown 说明模型的已知与未知之处',
    modelName: '列表中的名称；默认全部',
    pass: '访客通行证',
    keyFile: '私钥的存放位置；该文件不得已存在',
    newKey: '生成签发通行证的密钥；输出供门禁使用的公钥部分',
    kid: '密钥编号；默认由公钥得出',
    issuer: '该密钥下唯一的签发者',
    issue: '输出一张即刻生效的纸质通行证',
    key: '用于签名的私钥',
    audience: '通行证适用的出入口或区域',
    hours: '有效小时数',
    uses: '可使用的次数',
    address: '受访单元的地址编码',
    verify: '离线查验通行证；退出码 0 为有效，1 为无效',
    passText: '通行证内容；默认读取标准输入',
    keys: '一个公钥，或公钥数组',
    gate: '进行查验的出入口或区域',
  },
} as const;

/** Help in the language of the locale. */
export function helpFor(environment: Readonly<Record<string, string | undefined>>) {
  return help[textsFor(environment).chinese ? 'zh-CN' : 'en'];
}
