// The page without a network: what is new where there is one, else what was kept.
const FILES = ['./', 'style.css', 'print.css', 'favicon.svg', 'main.js', 'view.js', 'section.js', 'lines.js', 'words.js', 'lang.js', 'ko.js', 'order.js', 'api.js', 'wire.js', 'sse.js', 'race.js', 'keep.js', 'cooking.js'];

self.addEventListener('install', (event) => {
	event.waitUntil(caches.open('page').then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
	const url = new URL(event.request.url);
	if (event.request.method !== 'GET' || url.origin !== location.origin || url.pathname.endsWith('/services'))
		return;
	event.respondWith(fetch(event.request).then((response) => {
		const copy = response.clone();
		if (response.ok)
			event.waitUntil(caches.open('page').then((cache) => cache.put(event.request, copy)));
		return response;
	}, async () => await caches.match(event.request) ?? Response.error()));
});
