// ONNX Runtime reports its use to its maker and keeps a device id in the home folder, unless this variable
// stands in the environment of the process before the library is loaded. This file imports nothing, because
// imports run before any line does.
//
// In a worker thread `process.env` is a copy that native code does not see, so there the library must not be
// loaded at all.
if (process.getBuiltinModule('node:worker_threads').isMainThread) process.env.ORT_DISABLE_TELEMETRY = '1';
else
  throw new Error(
    'ONNX Runtime is loaded by main threads only: in a worker it could not be kept from reporting',
  );

export {};
