/** A recipe as it leaves the page: what was asked, a file's name, schema.org's Recipe. */
import { lines } from './paper.js';
import { words } from './words.js';

/** Times in ms below this are none. */
const KNOWN = 1e12;
/** In the language of the page. */
const day = (ms = 0) => ms > KNOWN ? new Date(ms).toLocaleDateString(document.documentElement.lang, { dateStyle: 'medium' }) : '';

/** What was asked, in words, the first of it, and when. @type {Asked} */
export const asked = ({ order, made }, most) =>
	[day(made), ...Object.entries(words.asked).slice(0, most).map(([input, say]) => order[input] && say(String(order[input])))].filter(Boolean).join(' \u00b7 ');

/** Any file system takes it. */
export const fileName = (name = '', end = '') =>
	`${[...name.normalize('NFC').replace(/[\p{C}\p{Z}\\/:*?"<>|.~%#]+/gu, ' ').trim()].slice(0, 60).join('').trim().replace(/^(con|prn|aux|nul|com\d|lpt\d)$/i, '$1_') || 'recipe'}.${end}`;

/** @param {Kept} r */
export const jsonld = ({ name, intro, texts, order, made }, author = '') => JSON.stringify({
	'@context': 'https://schema.org', '@type': 'Recipe', name, description: texts.int?.trim() || intro,
	author: { '@type': 'Organization', name: author }, datePublished: made > KNOWN ? new Date(made).toISOString().slice(0, 10) : undefined,
	totalTime: `PT${Number(order.prepTime) || 0}M`, recipeYield: order.servings ?? '2-4', keywords: [order.diet, order.ingredientsOnHand].filter(Boolean).join(', '),
	recipeIngredient: lines(texts.add), recipeInstructions: lines(texts.ste).map((text) => ({ '@type': 'HowToStep', text })),
}, null, 2).replaceAll('<', '\\u003c');
