/** The language of the page: the browser's, or the one that was chosen here. */
import { get } from './dom.js';
import { words } from './words.js';

/** If nothing may be stored the address has it. */
let language = /^#(en|ko)$/.exec(location.hash)?.[1];
try {
	language ??= localStorage.getItem('lang') ?? undefined;
} catch {
	/* Forbidden: the page works without. */
}
language ??= navigator.language.slice(0, 2);
if (language === 'ko') {
	const { ko, texts } = await import('./ko.js');
	Object.assign(words, ko);
	document.documentElement.lang = language;
	get('#lang').lang = 'en';
	for (const [selector, text] of Object.entries(texts))
		document.querySelectorAll(selector).forEach((e, i) => say(e, typeof text === 'string' ? text : text[i]));
}
get('#lang').onclick = () => {
	const other = language === 'ko' ? 'en' : 'ko';
	try {
		localStorage.setItem('lang', other);
		location.hash = '';
	} catch {
		location.hash = other;
	}
	location.reload();
};

/** @param {Element} e @param {string} text for its placeholder, or its first text */
function say(e, text) {
	if (e.hasAttribute('placeholder'))
		e.setAttribute('placeholder', text);
	else
		(e.firstChild ?? e).textContent = text;
}
