// @ts-check
/** Recipes kept: the last 20 in this browser, and out of it as Markdown and schema.org's Recipe. */

/** @typedef {{ name: string, intro: string, texts: Record<string, string>, order: Record<string, any> }} Kept */

const KEY = 'recipes';
const MOST = 20;

/** @returns {Kept[]} */
export function all() {
	try {
		const list = JSON.parse(localStorage.getItem(KEY) ?? '[]');
		return Array.isArray(list) ? list.filter((r) => typeof r?.name === 'string' && r.texts instanceof Object) : [];
	} catch {
		return [];
	}
}

/** @param {Kept} recipe takes the place of one of that name */
export function keep(recipe) {
	try {
		localStorage.setItem(KEY, JSON.stringify([recipe, ...all().filter((r) => r.name !== recipe.name)].slice(0, MOST)));
	} catch {
		/* Full, or forbidden: the page works without. */
	}
}

export function forget() {
	localStorage.removeItem(KEY);
}

/** Lines with something in them, without numbers and bullets. @param {string} [text] */
export const lines = (text = '') => text.split('\n').map((l) => l.replace(/^\s*(\d{1,2}[.)]|[-*\u2022])\s+/, '').trim()).filter(Boolean);

const TITLES = { add: 'Ingredients', ste: 'Steps', sde: 'Side dishes', ing: 'About your ingredients' };

/** @param {Kept} r */
export function markdown(r) {
	const out = [`# ${r.name}`, r.intro, r.texts.int];
	for (const [part, title] of Object.entries(TITLES))
		if (r.texts[part]?.trim())
			out.push(`## ${title}`, lines(r.texts[part]).map((l, i) => part === 'ste' ? `${i + 1}. ${l}` : `- ${l}`).join('\n'));
	return `${out.filter((s) => s?.trim()).map((s) => s.trim()).join('\n\n')}\n`;
}

/** @param {Kept} r */
export function jsonld(r) {
	return JSON.stringify({
		'@context': 'https://schema.org', '@type': 'Recipe', name: r.name, description: r.texts.int?.trim() || r.intro,
		totalTime: `PT${Number(r.order.prepTime) || 0}M`, recipeYield: r.order.servings ? String(r.order.servings) : undefined,
		recipeIngredient: lines(r.texts.add), recipeInstructions: lines(r.texts.ste).map((text) => ({ '@type': 'HowToStep', text })),
	}, null, 2).replaceAll('<', '\\u003c');
}

/** @param {string} name @param {string} type @param {string} text */
export function download(name, type, text) {
	const a = document.createElement('a');
	a.href = URL.createObjectURL(new Blob([text], { type }));
	a.download = name;
	a.click();
	setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}
