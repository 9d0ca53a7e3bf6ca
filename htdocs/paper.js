/** What leaves the page as text: Markdown, a file, the clipboard. */
import { make } from './dom.js';
import { say } from './view.js';
import { words } from './words.js';

/** Lines with something in them, without numbers and bullets. */
export const lines = (text = '') => text.split('\n').map((l) => l.replace(/^\s*(\d{1,2}[.)]|[-*\u2022])\s+/, '').trim()).filter(Boolean);

/** Models write what servers do not take back. */
export const clean = (text = '', most = 0) => text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, ' ').slice(0, most);

/** No link and no tag of a model's. */
export const quiet = (text = '') => text.replace(/[\\<[]/g, '\\$&');

/** Prose stands without its heading, unless it is wanted. @param {Section} section */
export function markdownOf({ title, form }, text = '', isHeaded = form !== 'prose') {
	const isProse = form === 'prose' || form === 'elements';
	const body = isProse ? quiet(text).trim() : lines(quiet(text)).map((l, i) => `${form === 'steps' ? `${i + 1}.` : '-'} ${l}`).join('\n');
	return isHeaded ? `## ${title}\n\n${body}` : body;
}

export function download(name = '', type = '', text = '') {
	const href = URL.createObjectURL(new Blob([text], { type }));
	make('a', { href, download: name }).click();
	setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

/** Puts it on the clipboard, and says whether it is there. */
export async function clip(text = '') {
	const isDone = await copy(text);
	say(() => isDone ? words.copied : words.notCopied);
}

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
		const isDone = document.execCommand('copy');
		area.remove();
		before?.focus({ preventScroll: true });
		return isDone;
	}
}

/* One sheet holds it: the more text, the smaller. Letters beyond Latin's are wide. */
addEventListener('beforeprint', () => {
	const text = [...document.querySelectorAll('section .text')].map((e) => e.textContent).join('');
	const size = 420 / Math.sqrt(text.replace(/[^\0-\u04ff]/g, 'mm').length);
	document.documentElement.style.setProperty('--size', `${Math.min(Math.max(size, 6.5), 9)}pt`);
});
