/** The cookbook: every recipe written here, in this browser's IndexedDB. What it refuses, full or forbidden, is held as long as the page is open. */
import { attempt } from './dom.js';

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

/** Resolves after the database has done it. @type {Transact} */
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

/** What has become of a recipe, or that it is no more. @param {Change} change */
const put = ({ id, recipe }) => recipe ? all.set(id, recipe) : all.delete(id);
const changes = () => [...unsaved].map((id) => ({ id, recipe: all.get(id) }));

/** Writes these, and what could not be written before. @param {Change[]} some */
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

/** New ones, or what has become of them. @param {Kept[]} some */
export const keep = (...some) => write(some.map((recipe) => ({ id: recipe.id, recipe })));

/** @param {Kept[]} some */
export const remove = (...some) => write(some.map(({ id }) => ({ id })));

/** Of a recipe that is in the book. @param {Partial<Kept>} has */
export function change(id = '', has) {
	const recipe = all.get(id);
	return recipe && keep({ ...recipe, ...has });
}

/** A page that goes may not see its last write done: it leaves to the next page what the database has not taken. */
export const leave = () => attempt(() => localStorage[NAME] = JSON.stringify(changes()));

/** `act` is what follows from each change, be it another tab's. @param {() => any} act */
export async function load(act) {
	changed = act;
	try {
		const { result } = await transact('readonly', (store) => store.getAll());
		result.forEach((recipe) => all.has(recipe.id) || all.set(recipe.id, recipe));
		tabs = new BroadcastChannel(NAME);
		tabs.onmessage = ({ data }) => {
			data.forEach(put);
			changed();
		};
	} catch {
		/* The first recipe will find out. */
	}
	const left = attempt(() => JSON.parse(localStorage[NAME]));
	if (left) {
		delete localStorage[NAME];
		write(left);
	}
	changed();
	/* Where older pages kept 20, the newest first. They get the same id each time: a page that is left in the middle of this leaves them for the next. */
	const old = attempt(() => JSON.parse(localStorage.recipes).reverse());
	if (old) {
		await keep(...old.flatMap((/** @type {any} */ r, /** @type {number} */ made) => {
			const recipe = sane({ ...r, made });
			return recipe ? { ...recipe, id: `old${made}` } : [];
		}));
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

/** Adds what such a file has and is not here. Returns how many were added, were here, and are none; nothing if it is no such file. */
export function take(json = '') {
	const { cookbook, recipes: raws } = Object(attempt(() => JSON.parse(json)));
	if (cookbook !== 1 || !Array.isArray(raws))
		return;
	const found = raws.flatMap((raw) => sane(raw) ?? []);
	const added = new Map(found.map((r) => [content(r), r]));
	recipes().forEach((r) => added.delete(content(r)));
	keep(...added.values());
	return { added: added.size, known: found.length - added.size, bad: raws.length - found.length };
}
