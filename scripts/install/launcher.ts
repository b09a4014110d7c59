import { nodeFlags } from '../../service/src/process-guard.ts';

/**
 * `bin/watchpost`: the command on the Node beside it, whatever links lead to it. In the process that was
 * started, because each one between a supervisor and the product is one more that can die alone. A crash
 * writes no memory to disk, and ONNX Runtime reports to nobody.
 */
export const launcher = `#!/bin/sh
here=$(readlink -f -- "$0") || exit 1
here=\${here%/bin/*}
ulimit -c 0
export ORT_DISABLE_TELEMETRY=1
exec "$here/runtime/bin/node" ${nodeFlags.join(' ')} "$here/cli/src/main.ts" "$@"
`;
