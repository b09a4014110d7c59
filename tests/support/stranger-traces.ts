import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFacePipeline, openModelSet } from '@watchpost/inference';
import type { RawPicture } from './demo-pictures.ts';
import { findFrames, findImages, findTemplates, type Trace } from './trace-scan.ts';

/** What strangers would leave behind: their templates and rows of their pixels. */
export interface StrangerTraces {
  readonly templates: readonly Float32Array[];
  readonly pixelRows: readonly Buffer[];
}

/** Pixels of a row that are compared; long enough not to occur by chance. */
const rowPixels = 20;

/** Looks at pictures of strangers with the product’s own models. */
export async function strangerTraces(pictures: readonly RawPicture[]): Promise<StrangerTraces> {
  const models = await openModelSet();
  const pipeline = createFacePipeline(models);
  const templates: Float32Array[] = [];
  const pixelRows: Buffer[] = [];
  for (const { width, height, data } of pictures) {
    for (const { embedding, box } of await pipeline.analyse({ width, height, data, capturedAt: 0 })) {
      if (embedding) templates.push(embedding.slice());
      for (const part of [0.35, 0.5, 0.65]) {
        const at = (Math.round(box.y + box.height * part) * width + Math.round(box.x + box.width * 0.4)) * 3;
        pixelRows.push(data.subarray(at, at + rowPixels * 3));
      }
    }
  }
  await models.close();
  return { templates, pixelRows };
}

export function findTraces(bytes: Buffer, where: string, { templates, pixelRows }: StrangerTraces): Trace[] {
  return [
    ...findImages(bytes, where),
    ...findFrames(bytes, where, pixelRows),
    ...findTemplates(bytes, where, templates),
  ];
}

/** Every file below a folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** The traces in all files below a folder, with how many bytes were looked at. */
export function findTracesBelow(
  folder: string,
  strangers: StrangerTraces,
): { readonly traces: Trace[]; readonly bytes: number } {
  const traces: Trace[] = [];
  let bytes = 0;
  for (const file of filesBelow(folder)) {
    const content = readFileSync(file);
    bytes += content.length;
    traces.push(...findTraces(content, file, strangers));
  }
  return { traces, bytes };
}
