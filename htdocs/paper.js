import { dotted, make } from './dom.js';
import { say } from './view.js';
import { words } from './words.js';

export const lines = (text = '') => text.split('\n').map((l) => l.replace(/^\s*(\d{1,2}[.)]|[-*\u2022])\s+/, '').trim()).filter(Boolean);

/** Models write what servers do not take back. */
export const clean = (text = '', most = 0) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, ' ').slice(0, most);

/** No link and no tag of a model's. */
export const quiet = (text = '') => text.replace(/[\\<[]/g, '\\$&');

/** @param {Section} section */
export function markdownOf({ title, form }, text = '', isHeaded = form !== 'prose') {
	const isProse = form === 'prose' || form === 'elements';
	const body = isProse ? quiet(text).trim() : lines(quiet(text)).map((l, i) => `${form === 'steps' ? `${i + 1}.` : '-'} ${l}`).join('\n');
	return isHeaded ? `## ${title}\n\n${body}` : body;
}

/** Times in ms below this are places. */
const KNOWN = 1e12;
const day = (ms = 0) => ms > KNOWN ? new Date(ms).toLocaleDateString(document.documentElement.lang, { dateStyle: 'medium' }) : '';
/* The first takes 20 ms, which is not to be in a run. */
setTimeout(day, 9, 2e12);

/** @type {Asked} */
export const asked = ({ order, made }, most) =>
	dotted(day(made), ...Object.entries(words.asked).slice(0, most).map(([input, say]) => order[input] && say(String(order[input]))));

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

export function download(name = '', type = '', text = '') {
	const href = URL.createObjectURL(new Blob([text], { type }));
	make('a', { href, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(href), 10_000);
	say(() => words.saved);
}

export async function clip(text = '', isLink = false) {
	const isDone = await copy(text);
	say(() => !isDone ? words.notCopied : isLink ? words.linkCopied : words.copied);
}

async function copy(text = '') {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		/* Without https there is only the selection. */
		const before = /** @type {HTMLElement | null} */ (document.activeElement);
		const area = make('textarea', { value: text, readOnly: true });
		document.body.append(area);
		area.focus({ preventScroll: true });
		area.select();
		const isDone = document.execCommand('copy');
		area.remove();
		before?.focus({ preventScroll: true });
		return isDone;
	}
}

/* One sheet holds it: the more text, the smaller. */
addEventListener('beforeprint', () => {
	const text = [...document.querySelectorAll('section .text')].map((e) => e.textContent).join('');
	const size = 420 / Math.sqrt(text.replace(/[^\0-\u04ff]/g, 'mm').length);
	document.documentElement.style.setProperty('--size', `${Math.min(Math.max(size, 6.5), 9)}pt`);
});
