import type { drawingEn } from './drawing-texts-en.ts';

/** 绘制站点、连接设备时的文字，各页面共用。 */
export const drawingZhCn: Readonly<Record<keyof typeof drawingEn, string>> = {
  'site.metres': '米',
  'site.outline': '区域范围',
  'site.width': '宽度（米）',
  'site.height': '高度（米）',
  'site.secretNew': '仅在保存时发送到服务器一次，之后谁也看不到。',
  'site.secretKept': '已保存为 {{name}}。如需更换，请输入新密码。',
  'site.secretElsewhere':
    '网关 {{gateway}} 运行在另一台计算机上，密码不会传过去。请在那台计算机上、其 identity 文件夹旁再运行以下命令，然后输入密码，按回车和 Ctrl+D：',
  'site.triedWrong': '网关已试连该摄像机，尚未写入任何内容。',
  'site.writeAnyway': '仍然写入',
  'site.drawArea': '从一角拖到对角，画出范围。',
  'site.drawLine': '从一端拖到另一端。',
  'site.drawPoint': '点按所在位置，也可拖动圆点或用方向键移动。',
  'site.drawnArea': '拖动顶点，或用方向键移动；点按空白处可增加一个顶点。',
  'site.drawnLine': '拖动端点，或用方向键移动。',
  'site.drawAnew': '重新画',
  'site.numbers': '以数字填写',
  'site.corner': '{{label}}，第 {{number}} 点：{{x}}，{{y}}',
  'site.cornerX': '{{label}}，第 {{number}} 点，距左边',
  'site.cornerY': '{{label}}，第 {{number}} 点，距上边',
  'site.cornerAdd': '增加一点',
  'site.cornerAway': '{{label}}：删除第 {{number}} 点',
  'site.areaZone': '所属区域',
  'site.areaHint':
    '在画面这一部分看到的人脸，算作出现在该区域，与摄像机装在哪里无关。请画在人脸出现的高度，而不是地面。',
  'site.inside': '内侧',
  'site.insideIs': '从起点看向终点，内侧在',
  'site.inside.left': '左边',
  'site.inside.right': '右边',
};
