import type { enPlateErrors } from './en-plate-errors.ts';

/** 门牌码的错误，随其页面加载。 */
export const zhPlateErrors: Readonly<Record<keyof typeof enPlateErrors, string>> = {
  'error.plate.no_key': '服务器没有用于签发本站点门牌码的密钥，请重新启动服务器以生成密钥',
  'error.plate.no_domain': '尚未设置本站点门牌码使用的域名，请由有权编辑站点的人在此页面设置后再签发',
  'error.plate.zone_unknown': '站点没有该区域',
  'error.plate.zone_outside': '该区域不在您的负责范围内，请选择其他区域',
  'error.plate.too_many': '站点的门牌码已达上限，请停用不再悬挂的门牌码',
};
