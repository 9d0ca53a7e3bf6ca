/*
 * The page without a network: what is new where there is one, else what was
 * kept. It keeps the files of the page and nothing else. What else is asked
 * for in its scope may be another application's, and it does not touch that.
 */
const FILES = './ style.css favicon.svg main.js book.js client.js cooking.js dish.js dom.js early.js fault.js ko.js lang.js lines.js minutes.js names.js order.js page.js pantry.js paper.js parts.js place.js race.js room.js runner.js section.js sheet.js shelf.js timers.js trust.js view.js words.js'.split(' ');
/** @type {any} */
const worker = globalThis;
const scope = worker.registration?.scope;
const urls = [...FILES, 'index.html'].map((file) => scope + file.replace('./', ''));
/** One origin may have several of these pages. */
const kept = async () => caches.open(`page ${scope}`);

/* Where nothing can be kept it comes all the same, in place of one that kept everything. */
addEventListener('install', (/** @type {any} */ event) => event.waitUntil(
	kept().then((cache) => cache.addAll(FILES)).catch(() => {}).then(() => worker.skipWaiting())));
addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(caches.delete('page').catch(() => {})));
addEventListener('fetch', (/** @type {any} */ event) => {
	const { request } = event;
	const [url, query] = request.url.replace(/#.*/, '').split('?');
	if (request.method === 'GET' && urls.includes(url))
		event.respondWith(answer(request, url, query !== undefined));
});

/** @param {Request} request @param {string} url of the file; a recipe's has a fragment */
async function answer(request, url, hasQuery = false) {
	try {
		const response = await fetch(request);
		/* To a query something else may be answered; a redirection may lead to a log-in. */
		if (response.status === 200 && !response.redirected && !hasQuery)
			keep(url, response.clone());
		return response;
	} catch {
		const same = { ignoreSearch: true, ignoreVary: true };
		return await kept().then((cache) => cache.match(request, same)).catch(() => {}) ?? Response.error();
	}
}

/** @param {string} url @param {Response} response */
async function keep(url, response) {
	try {
		await (await kept()).put(url, response);
	} catch {
		/* No room, or forbidden. */
	}
}
