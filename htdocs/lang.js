/**
 * The language of the page: the browser's, or the one that was chosen here.
 * To add one: its words in a file like ko.js, its name here, and its file in the
 * list of sw.js, so that it is there without a network.
 */
import { get } from './dom.js';
import { neutral, words } from './words.js';

/** @type {Record<string, string>} The page itself is in the first. */
const LANGUAGES = { en: 'English', ko: '한국어' };
const codes = Object.keys(LANGUAGES);

/** If nothing may be stored the address has it. */
let language = location.hash.slice(1);
if (!codes.includes(language)) {
	try {
		language = localStorage.getItem('lang') ?? '';
	} catch {
		/* Forbidden: the page works without. */
	}
}
if (!codes.includes(language))
	language = navigator.language.slice(0, 2);
const at = Math.max(codes.indexOf(language), 0);
/** Whose texts the files of the languages have for it: index.html's, or those of another page. */
const page = document.body.dataset.texts ?? 'texts';
/** The button offers the next one. */
const next = codes[(at + 1) % codes.length];
if (page === 'app')
	Object.assign(words, neutral);
if (at > 0) {
	const file = await import(`./${language}.js`);
	Object.assign(words, file.words, page === 'app' ? file.neutral : {});
	document.documentElement.lang = language;
	for (const [selector, text] of Object.entries(file[page]))
		document.querySelectorAll(selector).forEach((e, i) => say(e, typeof text === 'string' ? text : text[i]));
}
const button = get('#lang');
button.lang = next;
button.textContent = LANGUAGES[next];
button.onclick = () => {
	try {
		localStorage.setItem('lang', next);
		location.hash = '';
	} catch {
		location.hash = next;
	}
	location.reload();
};

/**
 * Words of GET /graph, which are a string, or strings by language: in the
 * language of the page, or else one that the browser likes, or else the first.
 *
 * @param {any} words
 * @returns {string} '' if there are none
 */
export function said(words) {
	if (typeof words === 'string')
		return words;
	const all = Object(words);
	const likes = [codes[at], ...navigator.languages].flatMap((code) => [code, code.split('-')[0]]);
	return String(all[likes.find((code) => Object.hasOwn(all, code)) ?? Object.keys(all)[0]] ?? '');
}

/** @param {Element} e @param {string} text for its placeholder, or its first text */
function say(e, text) {
	if (e.hasAttribute('placeholder'))
		e.setAttribute('placeholder', text);
	else
		(e.firstChild ?? e).textContent = text;
}
