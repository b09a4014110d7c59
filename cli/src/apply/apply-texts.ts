const texts = {
  en: {
    alerting: 'alerting: starts again; nothing is lost, events wait at the gateways',
    alertingStays: 'alerting: goes on untouched',
    gateway: 'gateway',
    changed: 'restarted',
    added: 'new',
    gone: 'stopped',
    kept: 'untouched',
    devices: (count: number) => `${count} ${count === 1 ? 'device' : 'devices'}`,
    noDevice: 'devices: none touched',
    untouched: 'untouched',
    nothing: 'Nothing changes.',
    nextStart: 'Counts from the next start',
    refused: 'Not put into force, the version before goes on',
    applied: 'In force.',
    site: 'site',
  },
  'zh-CN': {
    alerting: '告警服务：重启；不会丢失，事件在网关等候',
    alertingStays: '告警服务：不受影响',
    gateway: '网关',
    changed: '重启',
    added: '新增',
    gone: '停止',
    kept: '不受影响',
    devices: (count: number) => `${count} 台设备`,
    noDevice: '设备：均不受影响',
    untouched: '不受影响',
    nothing: '没有变化。',
    nextStart: '下次启动时生效',
    refused: '未生效，继续使用上一版本',
    applied: '已生效。',
    site: '站点',
  },
} as const;

/** What `plan` and `apply` say. @param chinese whether the person reads Chinese */
export const applyTexts = (chinese: boolean) => texts[chinese ? 'zh-CN' : 'en'];
