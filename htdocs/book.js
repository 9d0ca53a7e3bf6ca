/** The cookbook: every recipe written here, in this browser's IndexedDB. What it refuses, full or forbidden, is held as long as the page is open. */

/**
 * `made` and `seen` are times in ms; of a recipe from before there were any, `made` is its place.
 * @typedef {{ id: string, made: number, seen?: number, star?: boolean, demo?: boolean, name: string, intro: string, texts: Record<string, string>,
 *	missing: string[], ideas: import('./dish.js').Dish[], laps: [string, any][], order: import('./client.js').Order,
 *	ticks?: Record<string, number[]>, step?: number }} Kept
 */

const PARTS = ['int', 'add', 'ste', 'sde', 'ing', 'alt'];
const INPUTS = ['prepTime', 'servings', 'diet', 'allergies', 'language', 'ingredientsOnHand'];
/** One origin may have several of these pages. */
const NAME = `cookbook ${new URL('.', location.href).pathname}`;
/** @type {Map<string, Kept>} */
const all = new Map();
/** What the database has not taken yet, by id. @type {Set<string>} */
const unsaved = new Set();
/** Whether it would not. */
export let isFleeting = false;
let changed = () => {};
/** @type {Promise<IDBDatabase>} */
let opened;
/** @type {BroadcastChannel | undefined} */
let tabs;

export const newId = () => `${Date.now().toString(36)}-${Math.floor(Math.random() * 2 ** 52).toString(36)}`;
export const find = (id = '') => all.get(id);
/** The starred ones first, then the newest. */
export const recipes = () => [...all.values()].sort((a, b) => Number(b.star ?? 0) - Number(a.star ?? 0) || b.made - a.made);
/** The one that was seen last, if there is one. */
export const last = () => recipes().sort((a, b) => (b.seen ?? 0) - (a.seen ?? 0))[0];

const open = () => opened ??= new Promise((resolve, reject) => {
	const request = indexedDB.open(NAME);
	request.onupgradeneeded = () => request.result.createObjectStore(NAME, { keyPath: 'id' });
	request.onsuccess = () => resolve(request.result);
	request.onerror = reject;
});

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => T} act @returns {Promise<T>} after the database has done it */
const transact = async (mode, act) => {
	const transaction = (await open()).transaction(NAME, mode);
	const result = act(transaction.objectStore(NAME));
	await new Promise((resolve, reject) => {
		transaction.oncomplete = resolve;
		transaction.onabort = reject;
		/* A page that goes may not be there to do it later. */
		transaction.commit();
	});
	return result;
};

/** Writes these, as they are now or are no more, and what could not be written before. @param {{ id: string }[]} some */
async function write(some) {
	some.forEach(({ id }) => unsaved.add(id));
	changed();
	const now = [...unsaved].map((id) => ({ id, recipe: all.get(id) }));
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

/** @param {Kept[]} some new ones, or what has become of them */
export function keep(...some) {
	some.forEach((recipe) => all.set(recipe.id, recipe));
	return write(some);
}

/** @param {Kept[]} some */
export function remove(...some) {
	some.forEach(({ id }) => all.delete(id));
	return write(some);
}

/** Of a recipe that is in the book. @param {Partial<Kept>} has */
export function change(id = '', has) {
	const recipe = all.get(id);
	return recipe && keep({ ...recipe, ...has });
}

/** A page that goes may not see its last write done: it leaves to the next page what the database has not taken. */
export function leave() {
	try {
		localStorage[NAME] = JSON.stringify([...unsaved].map((id) => ({ id, recipe: all.get(id) })));
	} catch {
		/* Forbidden, or full. */
	}
}

/** Takes what the page before has left. */
function arrive() {
	try {
		/** @type {{ id: string, recipe?: Kept }[]} */
		const left = JSON.parse(localStorage[NAME]);
		left.forEach(({ id, recipe }) => recipe ? all.set(id, recipe) : all.delete(id));
		delete localStorage[NAME];
		write(left);
	} catch {
		/* Nothing. */
	}
}

/** @param {() => any} act what follows from each change, be it another tab's */
export async function load(act) {
	changed = act;
	try {
		const { result } = await transact('readonly', (store) => store.getAll());
		result.forEach((recipe) => all.has(recipe.id) || all.set(recipe.id, recipe));
		tabs = new BroadcastChannel(NAME);
		tabs.onmessage = ({ data }) => {
			for (const { id, recipe } of data)
				recipe ? all.set(id, recipe) : all.delete(id);
			changed();
		};
	} catch {
		/* The first recipe will find out. */
	}
	arrive();
	changed();
	try {
		/* Where older pages kept 20, the newest first. They get the same id each time: a page that is left in the middle of this leaves them for the next. */
		const old = JSON.parse(localStorage.recipes).reverse();
		await keep(...old.flatMap((/** @type {any} */ r, /** @type {number} */ made) => {
			const recipe = sane({ ...r, made });
			return recipe ? { ...recipe, id: `old${made}` } : [];
		}));
		if (!isFleeting)
			delete localStorage.recipes;
	} catch {
		/* There are none. */
	}
}

/** @param {any} v */
const text = (v) => typeof v === 'string' || typeof v === 'number' ? String(v) : '';
/** @param {any} v @returns {any[]} */
const list = (v) => Array.isArray(v) ? v : [];
/** @param {any} from @param {string[]} names */
const texts = (from, names) => Object.fromEntries(names.map((name) => [name, text(Object(from)[name])]).filter(([, v]) => v));

/** A recipe out of anything: of what is not as it should be nothing is taken. @param {any} raw @returns {Kept | undefined} */
function sane(raw) {
	const { made, star, demo, name, intro, missing, ideas, ...r } = Object(raw);
	const kept = {
		id: newId(), made: made > 0 && made < 8e15 ? Number(made) : 0, star: star === true, demo: demo === true, name: text(name), intro: text(intro),
		texts: texts(r.texts, PARTS), missing: PARTS.filter((part) => list(missing).includes(part)), laps: [],
		ideas: list(ideas).map((idea) => ({ name: text(idea?.name), intro: text(idea?.intro) })), order: texts(r.order, INPUTS),
	};
	return kept.name || Object.keys(kept.texts).length ? kept : undefined;
}

/** All of it. */
export const file = () => JSON.stringify({ cookbook: 1, recipes: recipes().map(({ id, laps, ticks, step, seen, ...recipe }) => recipe) }, null, '\t');

/** What makes two the same. @param {Kept} r */
const content = (r) => JSON.stringify([r.name, r.intro, texts(r.texts, PARTS), texts(r.order, INPUTS)]);

/** Adds what such a file has and is not here. Whatever it has, it is text. @returns how many were added, were here, and are none; nothing if it is no such file */
export function take(json = '') {
	const here = new Set(recipes().map(content));
	try {
		const { cookbook, recipes: raws } = JSON.parse(json);
		const found = raws.flatMap((/** @type {any} */ raw) => sane(raw) ?? []);
		/** @type {Map<string, Kept>} */
		const added = new Map(found.map((/** @type {Kept} */ r) => [content(r), r]));
		here.forEach((key) => added.delete(key));
		if (cookbook !== 1)
			return;
		keep(...added.values());
		return { added: added.size, known: found.length - added.size, bad: raws.length - found.length };
	} catch {
		/* No JSON, or no list in it. */
	}
}
