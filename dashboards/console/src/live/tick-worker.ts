// A worker of its own: browsers slow the timers of pages that nobody looks at down to one a minute, and an
// alarm must not wait.
const everyMs = 1_000;
setInterval(() => postMessage(null), everyMs);
