// The server's own certificate for browsers. Loads X.509 when one is made, not before.
export {
  makeWebRoot,
  renewWebCertificate,
  type WebCertificate,
  type WebFolder,
  webFolder,
} from './web-folder.ts';
