import { readdir } from 'node:fs/promises';
import { WatchpostError } from '@watchpost/contracts/errors';
import type { ModelManifest } from './manifest.ts';
import { manifestFolder, readManifest, readVerified } from './open-session.ts';

/** State of a model's file on this machine. */
export interface ModelState {
  readonly manifest: ModelManifest;
  readonly state: 'good' | 'missing' | 'changed';
}

/** All manifests of `inference/models/`, by name. */
export async function listModels(): Promise<ModelManifest[]> {
  const files = (await readdir(manifestFolder)).filter((file) => file.endsWith('.json')).sort();
  const manifests: ModelManifest[] = [];
  for (const file of files) manifests.push(await readManifest(file.slice(0, -'.json'.length)));
  return manifests;
}

/** Compares every file with its manifest. A missing file is a fault only for models that you use. */
export async function verifyModels(filesFrom?: string): Promise<ModelState[]> {
  const states: ModelState[] = [];
  for (const manifest of await listModels()) {
    states.push({ manifest, state: await stateOf(manifest, filesFrom) });
  }
  return states;
}

async function stateOf(manifest: ModelManifest, filesFrom: string | undefined): Promise<ModelState['state']> {
  try {
    await readVerified(manifest, filesFrom);
    return 'good';
  } catch (error) {
    if (!(error instanceof WatchpostError)) throw error;
    return error.code === 'inference.model_hash' ? 'changed' : 'missing';
  }
}

const words = {
  en: {
    task: 'Task',
    file: 'File',
    licence: 'Licence',
    data: 'Training data',
    limits: 'Limits',
    certification: 'Certificate',
    none: 'none; a second factor is demanded',
    input: 'Input',
    decoder: 'Decoder',
    measured: 'Measured on',
    head: '| cosine | false matches per comparison | true matches |',
    fallback: 'the user’s own folder',
  },
  'zh-CN': {
    task: '任务',
    file: '文件',
    licence: '许可',
    data: '训练数据',
    limits: '局限',
    certification: '认证',
    none: '无；须出示第二凭证',
    input: '输入',
    decoder: '解码器',
    measured: '测试数据',
    head: '| 余弦 | 每次比对的误匹配率 | 正确匹配率 |',
    fallback: '用户自备目录',
  },
} as const;

/**
 * A model card as Markdown: what is known and what is not. The statements of the manifest are in English in
 * both languages.
 */
export function modelCard(manifest: ModelManifest, language: keyof typeof words = 'en'): string {
  const word = words[language];
  const { input, thresholds = [] } = manifest;
  const lines = [
    `# ${manifest.name}`,
    '',
    `- ${word.task}: ${manifest.task}`,
    `- ${word.file}: ${manifest.package ?? word.fallback} / ${manifest.file}`,
    `- SHA-256: ${manifest.sha256}`,
    `- ${word.licence}: ${manifest.licence}`,
    `- ${word.data}: ${manifest.trainingData}`,
    `- ${word.limits}: ${manifest.limits}`,
    ...(manifest.task === 'liveness'
      ? [`- ${word.certification}: ${manifest.certification ?? word.none}`]
      : []),
    `- ${word.input}: ${input.width} × ${input.height}, ${input.fit}, ${input.colour}, (x − ${input.mean}) × ${input.scale}`,
    `- ${word.decoder}: ${manifest.decoder}`,
  ];
  if (thresholds.length > 0) {
    lines.push(`- ${word.measured}: ${manifest.measuredOn ?? '–'}`, '', word.head, '|---|---|---|');
    for (const { cosine, falseMatchRate, truePositiveRate } of thresholds) {
      lines.push(`| ${cosine} | ${falseMatchRate} | ${truePositiveRate} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}
