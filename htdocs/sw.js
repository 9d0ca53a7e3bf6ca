// The page without a network: what is new where there is one, else what was kept.
const FILES = './ style.css favicon.svg main.js api.js cooking.js dom.js keep.js ko.js lang.js lines.js order.js race.js section.js sse.js view.js words.js'.split(' ');

addEventListener('install', (/** @type {any} */ event) => event.waitUntil(caches.open('page').then((cache) => cache.addAll(FILES))));
addEventListener('fetch', (/** @type {any} */ event) => {
	if (event.request.method === 'GET' && !event.request.url.endsWith('/services'))
		event.respondWith(answer(event.request));
});

/** @param {Request} request */
async function answer(request) {
	const cache = await caches.open('page');
	try {
		const response = await fetch(request);
		if (response.ok)
			cache.put(request, response.clone());
		return response;
	} catch {
		return await cache.match(request) ?? Response.error();
	}
}
