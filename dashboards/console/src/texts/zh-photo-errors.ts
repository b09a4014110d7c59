import type { enPhotoErrors } from './en-photo-errors.ts';

/** 照片未被采用的原因：随名单页面载入。 */
export const zhPhotoErrors: Readonly<Record<keyof typeof enPhotoErrors, string>> = {
  'error.enrolment.photo_empty': '文件是空的，请重新选择照片',
  'error.enrolment.photo_format': '这不是 JPEG、PNG 或 WebP 照片',
  'error.enrolment.photo_heic':
    '无法读取 HEIC 照片。iPhone：“设置”→“相机”→“格式”→选“兼容性最佳”；安卓：在相机设置中关闭 HEIF（高效图片）。然后重新拍摄',
  'error.enrolment.photo_animated': '这是动图，请使用单张照片',
  'error.enrolment.photo_two_kinds':
    '文件中除照片外还有其他内容。请关闭实况（动态）照片后重拍，或用看图软件另存一份',
  'error.enrolment.photo_damaged': '照片已损坏或不完整，请重新发送原图',
  'error.enrolment.photo_bytes': '文件超过 20 MB',
  'error.enrolment.photo_pixels': '照片超过 5000 万像素',
  'error.enrolment.photo_costly': '读取这张照片耗时或占用内存过多，请另存为普通 JPEG',
  'error.enrolment.no_face': '照片中没有找到人脸，请使用正面照',
  'error.enrolment.several_faces': '前景中不止一人，请裁剪到只剩一人',
  'error.enrolment.face_small': '人脸太小，请靠近拍摄，或发送未裁剪的原图',
  'error.enrolment.face_turned': '脸没有正对镜头，请正视镜头',
  'error.enrolment.face_tilted': '头部歪斜，请摆正头部和手机',
  'error.enrolment.face_blurred': '人脸模糊，请拿稳手机、擦净镜头，在更亮处重拍',
  'error.enrolment.face_dark': '人脸太暗，请让光从正面照来',
  'error.enrolment.face_bright': '人脸过亮，请关闭闪光灯或避开强光',
  'error.enrolment.face_shadow': '半边脸处在深影中，请转向光源',
  'error.enrolment.eyes_covered': '看不到眼睛，请摘下墨镜、睁开眼睛',
  'error.enrolment.mouth_covered': '口鼻被遮住，请摘下口罩，或把围巾拉到下巴以下',
  'error.enrolment.face_cut': '人脸被照片边缘截断，请在头部周围留出空间',
  'error.enrolment.another_person': '这张照片与其他照片不像同一个人',
};
