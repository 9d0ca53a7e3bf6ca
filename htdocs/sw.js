/* The files of the page without a network, and nothing else of its scope. */
const FILES = './ style.css favicon.svg main.js book.js client.js cooking.js dish.js dom.js early.js fault.js ko.js lang.js lines.js minutes.js order.js page.js pantry.js paper.js parts.js place.js race.js room.js runner.js section.js shelf.js timers.js trust.js view.js words.js'.split(' ');
/** @type {any} */
const worker = globalThis;
const scope = worker.registration?.scope;
const urls = [...FILES, 'index.html'].map((file) => scope + file.replace('./', ''));
/* One origin may have several of these pages. */
const kept = async () => caches.open(`page ${scope}`);

/* Also if nothing can be kept: it takes the place of one that kept everything. */
addEventListener('install', (/** @type {any} */ event) => event.waitUntil(
	kept().then((cache) => cache.addAll(FILES)).catch(() => {}).then(() => worker.skipWaiting())));
addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(caches.delete('page').catch(() => {})));
addEventListener('fetch', (/** @type {any} */ event) => {
	const { request } = event;
	const [url, query] = request.url.replace(/#.*/, '').split('?');
	if (request.method === 'GET' && urls.includes(url))
		event.respondWith(answer(request, url, query !== undefined));
});

/** @param {Request} request */
async function answer(request, url = '', hasQuery = false) {
	try {
		const response = await fetch(request);
		/* A redirection may lead to a log-in. */
		if (response.status === 200 && !response.redirected && !hasQuery)
			keep(url, response.clone());
		return response;
	} catch {
		const same = { ignoreSearch: true, ignoreVary: true };
		return await kept().then((cache) => cache.match(request, same)).catch(() => {}) ?? Response.error();
	}
}

/** @param {Response} response */
const keep = (url = '', response) => kept().then((cache) => cache.put(url, response)).catch(() => {});
