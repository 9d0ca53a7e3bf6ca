/** A recipe as it leaves the page: what was asked, a file's name, Markdown, schema.org's Recipe. */
import { lines, markdownOf, quiet } from './paper.js';
import { words } from './words.js';

/** @typedef {import('./book.js').Kept} Kept */

/** Times in ms below this are none. */
const KNOWN = 1e12;
/** In the language of the page. */
const day = (ms = 0) => ms > KNOWN ? new Date(ms).toLocaleDateString(document.documentElement.lang, { dateStyle: 'medium' }) : '';

/** What was asked, in words, and when. @param {Pick<Kept, 'order' | 'made'>} r @param {number} [most] so many of what was asked */
export const asked = ({ order, made }, most) =>
	[day(made), ...Object.entries(words.asked).slice(0, most).map(([input, say]) => order[input] && say(String(order[input])))].filter(Boolean).join(' \u00b7 ');

/** Any file system takes it. */
export const fileName = (name = '', end = '') =>
	`${[...name.normalize('NFC').replace(/[\p{C}\p{Z}\\/:*?"<>|.~%#]+/gu, ' ').trim()].slice(0, 60).join('').trim().replace(/^(con|prn|aux|nul|com\d|lpt\d)$/i, '$1_') || 'recipe'}.${end}`;

/** @param {Kept} r @param {import('./paper.js').Titled[]} sections in the order of the page */
export function markdown(r, sections) {
	const written = sections.filter(({ part }) => part !== 'alt' && r.texts[part]?.trim());
	return `${[`# ${quiet(r.name)}`, quiet(r.intro), quiet(asked(r)), ...written.map((s) => markdownOf(r.texts, s))].filter(Boolean).join('\n\n')}\n`;
}

/** @param {Kept} r */
export function jsonld({ name, intro, texts, order, made }, author = '') {
	return JSON.stringify({
		'@context': 'https://schema.org', '@type': 'Recipe', name, description: texts.int?.trim() || intro,
		author: { '@type': 'Organization', name: author }, datePublished: made > KNOWN ? new Date(made).toISOString().slice(0, 10) : undefined,
		totalTime: `PT${Number(order.prepTime) || 0}M`, recipeYield: order.servings ?? '2-4', keywords: [order.diet, order.ingredientsOnHand].filter(Boolean).join(', '),
		recipeIngredient: lines(texts.add), recipeInstructions: lines(texts.ste).map((text) => ({ '@type': 'HowToStep', text })),
	}, null, 2).replaceAll('<', '\\u003c');
}
