/** Recipes kept: the last 20 in this browser, and out of it as Markdown and schema.org's Recipe. */
import { lines, markdownOf, quiet } from './paper.js';

/**
 * @typedef {{ name: string, intro: string, texts: Record<string, string>,
 *	missing: string[], ideas: import('./dish.js').Dish[], laps: any[], order: import('./client.js').Order }} Kept
 */

const KEY = 'recipes';
/** What the browser does not take, full or forbidden, is kept as long as the page is open. */
let held = '';

export const isFleeting = () => held !== '';

/** @returns {Kept[]} */
export function all() {
	try {
		const list = JSON.parse(held || (localStorage.getItem(KEY) ?? '[]'));
		return Array.isArray(list) ? list.filter((r) => typeof r?.name === 'string' && r.texts && r.ideas && r.missing && r.order && r.laps) : [];
	} catch {
		return [];
	}
}

/** @param {Kept} recipe takes the place of one of that name, or of one that had none yet */
export function keep(recipe) {
	const others = all().filter((r) => r.name ? r.name !== recipe.name : r.order.ingredientsOnHand !== recipe.order.ingredientsOnHand);
	held = JSON.stringify([recipe, ...others].slice(0, 20));
	try {
		localStorage.setItem(KEY, held);
		held = '';
	} catch {
		/* Then it stays here. */
	}
}

export function forget() {
	held = '';
	try {
		localStorage.removeItem(KEY);
	} catch {
		/* Nothing is there. */
	}
}

/** @param {Kept} r @param {import('./paper.js').Titled[]} sections in the order of the page */
export function markdown({ name, intro, texts }, sections) {
	const written = sections.filter(({ part }) => part !== 'alt' && texts[part]?.trim());
	return `${[`# ${quiet(name)}`, quiet(intro), ...written.map((s) => markdownOf(texts, s))].filter(Boolean).join('\n\n')}\n`;
}

/** @param {Kept} r */
export function jsonld({ name, intro, texts, order }) {
	return JSON.stringify({
		'@context': 'https://schema.org', '@type': 'Recipe', name, description: texts.int?.trim() || intro,
		totalTime: `PT${Number(order.prepTime) || 0}M`, recipeYield: order.servings,
		recipeIngredient: lines(texts.add), recipeInstructions: lines(texts.ste).map((text) => ({ '@type': 'HowToStep', text })),
	}, null, 2).replaceAll('<', '\\u003c');
}
