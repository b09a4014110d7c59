import { readFile } from 'node:fs/promises';
import { prepareZXingModule } from 'zxing-wasm/writer';

/** Loads the code writer's WebAssembly from the npm package on disk; `writeBarcode` works afterwards. */
export async function loadZxingWriter(): Promise<void> {
  const wasmBinary = await readFile(new URL(import.meta.resolve('zxing-wasm/writer/zxing_writer.wasm')));
  await prepareZXingModule({
    overrides: { wasmBinary } as object,
    equalityFn: () => true,
    fireImmediately: true,
  });
}

export { writeBarcode } from 'zxing-wasm/writer';
