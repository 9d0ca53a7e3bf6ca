/* early.js has chosen one. To add another: a file like ko.js, its name here, its code in early.js, and the file in sw.js. */
import { attempt, get, speak, speakAgain } from './dom.js';
import { neutral, words } from './words.js';

/** The page itself is in the first. @type {Names} */
const LANGUAGES = { en: 'English', ko: '한국어' };
const codes = Object.keys(LANGUAGES);
const page = document.body.dataset.texts ?? 'texts';
if (page === 'app')
	Object.assign(words, neutral);
const english = { ...words };
let [code] = codes;

/** What stands on the page from the start. @type {Map<Element, Names>} */
const texts = new Map();
for (const e of document.body.querySelectorAll('*')) {
	const where = e.hasAttribute('placeholder') ? 'placeholder' : 'first';
	const first = e.getAttribute('placeholder') ?? (e.firstChild instanceof Text ? e.firstChild.data : '');
	if (first.trim()) {
		const all = { [code]: first };
		texts.set(e, all);
		speak(e, () => all[code] ?? first, where);
	}
}

async function use(to = code) {
	const file = to === codes[0] ? { words: english } : await import(`./${to}.js`);
	code = to;
	Object.assign(words, file.words, page === 'app' && file.neutral);
	for (const [selector, text] of Object.entries({ ...file.texts, ...file[page] }))
		[...document.querySelectorAll(selector)].filter((e) => texts.has(e)).forEach((e, i) => Object(texts.get(e))[to] = Array.isArray(text) ? text[i] : text);
	document.documentElement.lang = to;
	speakAgain();
	offer();
}

function offer() {
	const next = codes[(codes.indexOf(code) + 1) % codes.length];
	Object.assign(get('#lang'), {
		lang: next, textContent: LANGUAGES[next],
		onclick: () => use(next).then(remember, () => speak(get('#status'), () => words.noLanguage)),
	});
}

/** If nothing may be stored the address has it. */
function remember() {
	const url = new URL(location.href);
	if (attempt(() => localStorage.lang = code))
		url.searchParams.delete('lang');
	else
		url.searchParams.set('lang', code);
	history.replaceState(history.state, '', url);
}

/** @param {Titled} words */
export function said(words) {
	if (typeof words === 'string')
		return words;
	const all = Object(words);
	const likes = [code, ...navigator.languages].flatMap((code) => [code, code.split('-')[0]]);
	return String(all[likes.find((code) => Object.hasOwn(all, code)) ?? Object.keys(all)[0]] ?? '');
}

await use(document.documentElement.dataset.code).catch(offer);
