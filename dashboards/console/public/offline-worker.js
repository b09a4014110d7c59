// Says that the server is not reachable where the browser would show a page of its own. It keeps nothing of
// the console and of the API: what is shown is always what the server says now.

const kept = 'offline-1';
const page = '/offline.html';

addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(kept)
      .then((cache) => cache.addAll([page, '/offline.js', '/offline.css', '/icon.svg']))
      .then(() => skipWaiting()),
  );
});

addEventListener('activate', (event) => {
  const outdated = (names) => names.filter((name) => name !== kept);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(outdated(names).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});

addEventListener('fetch', (event) => {
  const { mode, url } = event.request;
  const { pathname } = new URL(url);
  if (mode === 'navigate' && !pathname.startsWith('/flows'))
    event.respondWith(fetch(event.request).catch(() => caches.match(page)));
  else if (pathname.startsWith('/offline.'))
    event.respondWith(fetch(event.request).catch(() => caches.match(event.request)));
});
