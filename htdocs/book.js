import { attempt } from './dom.js';

const PARTS = ['int', 'add', 'ste', 'sde', 'ing', 'alt'];
const INPUTS = ['prepTime', 'servings', 'diet', 'allergies', 'language', 'ingredientsOnHand'];
/* One origin may have several of these pages. */
const NAME = `cookbook ${new URL('.', location.href).pathname}`;
/** @type {Map<string, Kept>} */
const all = new Map();
/** Ids. @type {Set<string>} */
const unsaved = new Set();
export let isFleeting = false;
let changed = () => {};
/** @type {Promise<IDBDatabase>} */
let opened;
/** @type {BroadcastChannel | undefined} */
let tabs;

export const newId = () => `${Date.now().toString(36)}-${Math.floor(Math.random() * 2 ** 52).toString(36)}`;
export const find = (id = '') => all.get(id);
export const recipes = () => [...all.values()].sort((a, b) => Number(b.star ?? 0) - Number(a.star ?? 0) || b.made - a.made);
export const last = () => recipes().sort((a, b) => (b.seen ?? 0) - (a.seen ?? 0))[0];

const open = () => opened ??= new Promise((resolve, reject) => {
	const request = Object.assign(indexedDB.open(NAME), { onsuccess: () => resolve(request.result), onerror: reject });
	request.onupgradeneeded = () => request.result.createObjectStore(NAME, { keyPath: 'id' });
});

/** @type {Transact} */
const transact = async (mode, act) => {
	const transaction = (await open()).transaction(NAME, mode);
	const result = act(transaction.objectStore(NAME));
	/* A page that goes may not be there to commit it later. */
	await new Promise((resolve, reject) => Object.assign(transaction, { oncomplete: resolve, onabort: reject }).commit());
	return result;
};

/** @param {Change} change */
const put = ({ id, recipe }) => recipe ? all.set(id, recipe) : all.delete(id);
const changes = () => [...unsaved].map((id) => ({ id, recipe: all.get(id) }));

/** @param {Change[]} some */
async function write(some) {
	some.forEach(put);
	some.forEach(({ id }) => unsaved.add(id));
	changed();
	const now = changes();
	try {
		await transact('readwrite', (store) => now.forEach(({ id, recipe }) => recipe ? store.put(recipe) : store.delete(id)));
		now.forEach(({ id, recipe }) => all.get(id) === recipe && unsaved.delete(id));
		tabs?.postMessage(now);
		isFleeting = false;
	} catch {
		isFleeting = true;
	}
	changed();
}

/** @param {Kept[]} some */
export const keep = (...some) => write(some.map((recipe) => ({ id: recipe.id, recipe })));
/** @param {Kept[]} some */
export const remove = (...some) => write(some.map(({ id }) => ({ id })));
/** @param {Partial<Kept>} has */
export const change = (id = '', has) => all.has(id) && keep({ .../** @type {Kept} */ (all.get(id)), ...has });
/** To the next page, as this one may not see its last write done. */
export const leave = () => attempt(() => localStorage[NAME] = JSON.stringify(changes()));

/** @param {() => any} act */
export async function load(act) {
	changed = act;
	try {
		const { result } = await transact('readonly', (store) => store.getAll());
		result.filter(({ id }) => !all.has(id)).forEach((recipe) => put({ id: recipe.id, recipe }));
		tabs = new BroadcastChannel(NAME);
		tabs.onmessage = ({ data }) => {
			data.forEach(put);
			changed();
		};
	} catch {
		/* The first write will find out. */
	}
	const left = attempt(() => [...JSON.parse(localStorage[NAME])]);
	if (left) {
		delete localStorage[NAME];
		/* Another tab may have gone on meanwhile. */
		write(left.filter(({ id, recipe }) => !recipe || (all.get(id)?.seen ?? 0) <= (recipe.seen ?? 0)));
	}
	changed();
	/* Of older pages; the same ids each time, as a page may go meanwhile. */
	const old = attempt(() => JSON.parse(localStorage.recipes).reverse());
	if (old) {
		await keep(...old.flatMap((/** @type {any} */ r, made = 0) => sane({ ...r, made }, `older000-${made}`) ?? []));
		if (!isFleeting)
			delete localStorage.recipes;
	}
}

/** @param {any} v */
const text = (v) => typeof v === 'string' || typeof v === 'number' ? String(v) : '';
/** @param {any} v @returns {any[]} */
const list = (v) => Array.isArray(v) ? v : [];
/** @param {any} from @param {string[]} names */
const texts = (from, names) => Object.fromEntries(names.map((name) => [name, text(Object(from)[name])]).filter(([, v]) => v));

/** @param {any} raw @returns {Kept | undefined} */
function sane(raw, id = newId()) {
	const { made, star, demo, name, intro, missing, ideas, ...r } = Object(raw);
	const kept = {
		id, made: made > 0 && made < 8e15 ? Number(made) : 0, star: star === true, demo: demo === true, name: text(name), intro: text(intro),
		texts: texts(r.texts, PARTS), missing: PARTS.filter((part) => list(missing).includes(part)), laps: [],
		ideas: list(ideas).map((idea) => ({ name: text(idea?.name), intro: text(idea?.intro) })), order: texts(r.order, INPUTS),
	};
	return kept.name || Object.keys(kept.texts).length ? kept : undefined;
}

export const file = () => JSON.stringify({ cookbook: 1, recipes: recipes().map(({ id, laps, ticks, step, seen, run, whole, ...recipe }) => recipe) }, null, '\t');

/** @param {Kept} r */
const contentOf = (r) => JSON.stringify([r.name, r.intro, texts(r.texts, PARTS), texts(r.order, INPUTS)]);

export function take(json = '') {
	const { cookbook, recipes: raws } = Object(attempt(() => JSON.parse(json)));
	if (cookbook !== 1 || !Array.isArray(raws))
		return;
	const found = raws.flatMap((raw) => sane(raw) ?? []);
	const added = new Map(found.map((r) => [contentOf(r), r]));
	recipes().forEach((r) => added.delete(contentOf(r)));
	keep(...added.values());
	return { added: added.size, known: found.length - added.size, bad: raws.length - found.length };
}
