/** The language of the page: the browser's, or the one that was chosen here. */
import { get } from './dom.js';
import { words } from './words.js';

let language = navigator.language.slice(0, 2);
try {
	language = localStorage.getItem('lang') ?? language;
} catch {
	/* Forbidden: the page works without. */
}
if (language === 'ko') {
	const { ko, texts } = await import('./ko.js');
	Object.assign(words, ko);
	document.documentElement.lang = language;
	get('#lang').lang = 'en';
	for (const [selector, text] of Object.entries(texts))
		document.querySelectorAll(selector).forEach((e, i) => say(e, typeof text === 'string' ? text : text[i]));
}
get('#lang').onclick = () => {
	localStorage.setItem('lang', language === 'ko' ? 'en' : 'ko');
	location.reload();
};

/** @param {Element} e @param {string} text for its placeholder, or its first text */
function say(e, text) {
	if (e.hasAttribute('placeholder'))
		e.setAttribute('placeholder', text);
	else
		(e.firstChild ?? e).textContent = text;
}
