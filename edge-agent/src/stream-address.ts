/** Whether a camera's address is a stream (`rtsp://`, `http://` …) and not the path of a file. */
export function isStreamAddress(url: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(url) && !url.startsWith('file:');
}
