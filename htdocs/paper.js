/** What leaves the page as text: Markdown, a file, the clipboard. */
import { make } from './dom.js';
import { say } from './view.js';
import { words } from './words.js';

/** @typedef {{ part: string, title: string, form: string }} Titled */

/** Lines with something in them, without numbers and bullets. */
export const lines = (text = '') => text.split('\n').map((l) => l.replace(/^\s*(\d{1,2}[.)]|[-*\u2022])\s+/, '').trim()).filter(Boolean);

/** No link and no tag of a model's. */
export const quiet = (text = '') => text.replace(/[\\<[]/g, '\\$&');

/** One section as Markdown; prose stands without its heading, unless it is wanted. @param {Record<string, string>} texts @param {Titled} section */
export function markdownOf(texts, { part, title, form }, headed = form !== 'prose') {
	const text = quiet(texts[part]);
	const body = form === 'prose' ? text.trim() : lines(text).map((l, i) => `${form === 'steps' ? `${i + 1}.` : '-'} ${l}`).join('\n');
	return headed ? `## ${title}\n\n${body}` : body;
}

export function download(name = '', type = '', text = '') {
	const href = URL.createObjectURL(new Blob([text], { type }));
	make('a', { href, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** Puts it on the clipboard, and says whether it is there. */
export async function clip(text = '') {
	const done = await copy(text);
	say(() => done ? words.copied : words.notCopied);
}

/** Whether the text is on the clipboard now. */
async function copy(text = '') {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		/* Without https there is no clipboard, but a selection can be copied. */
		const before = /** @type {HTMLElement | null} */ (document.activeElement);
		const area = make('textarea', { value: text, readOnly: true });
		document.body.append(area);
		area.focus({ preventScroll: true });
		area.select();
		const copied = document.execCommand('copy');
		area.remove();
		before?.focus({ preventScroll: true });
		return copied;
	}
}

/* One sheet holds it: the more text, the smaller. Letters beyond Latin's are wide. */
addEventListener('beforeprint', () => {
	const text = [...document.querySelectorAll('section .text')].map((e) => e.textContent).join('');
	const size = 420 / Math.sqrt(text.replace(/[^\0-\u04ff]/g, 'mm').length);
	document.documentElement.style.setProperty('--size', `${Math.min(Math.max(size, 6.5), 9)}pt`);
});
