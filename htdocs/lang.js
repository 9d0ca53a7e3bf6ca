// @ts-check
/** The language of the page: the browser's, or the one that was chosen here. Loaded before all that speaks. */
import { ko, texts } from './ko.js';
import { words } from './words.js';

const KEY = 'lang';
const button = /** @type {HTMLElement} */ (document.querySelector('#lang'));

function chosen() {
	try {
		return localStorage.getItem(KEY) ?? navigator.language.slice(0, 2);
	} catch {
		return navigator.language.slice(0, 2);
	}
}

const korean = chosen() === 'ko';
if (korean) {
	Object.assign(words, ko);
	document.documentElement.lang = 'ko';
	for (const [selector, text] of Object.entries(texts)) {
		const e = document.querySelector(selector);
		if (e instanceof HTMLTextAreaElement || e instanceof HTMLInputElement)
			e.placeholder = text;
		else if (e?.firstChild)
			e.firstChild.textContent = text;
		else if (e)
			e.textContent = text;
	}
	for (const unit of document.querySelectorAll('.times small'))
		unit.textContent = '분';
	button.lang = 'en';
	button.textContent = 'English';
}
button.addEventListener('click', () => {
	localStorage.setItem(KEY, korean ? 'en' : 'ko');
	location.reload();
});
