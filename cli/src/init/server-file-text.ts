/** What the first `server.yaml` says beside what is usual. */
export interface ServerWords {
  readonly names: readonly string[];
  /** Port of the console. */
  readonly port: number;
}

const comments = {
  en: {
    head: 'The server. What is left out has its usual value; `watchpost check` finds mistakes.',
    names: 'How others reach this server: names and addresses. The certificate is for these alone.',
    tls: 'The server makes and renews its certificate itself. Other ways: docs/guides/operator.md.',
    listen: 'Console, API and Node-RED over HTTPS; gateways with their certificates.',
  },
  zh: {
    head: '服务器。省略的设置项取常用值；watchpost check 可查出错误。',
    names: '其他设备访问本服务器所用的名称和地址。证书仅适用于这些名称。',
    tls: '服务器自行签发并续期证书。其他方式见 docs/guides/operator.zh-CN.md。',
    listen: '控制台、接口和 Node-RED 使用 HTTPS；网关凭证书连接。',
  },
} as const;

/** The text of a first `server.yaml`. */
export function serverFileText({ names, port }: ServerWords, chinese: boolean): string {
  const say = comments[chinese ? 'zh' : 'en'];
  return `# ${say.head}
version: 1

# ${say.names}
names: ${JSON.stringify(names)}

# ${say.tls}
tls: own

# ${say.listen}
listen:
  console: { host: "0.0.0.0", port: ${port} }
  gateways: { host: "0.0.0.0" }
`;
}
