import { get } from './dom.js';

const out = new IntersectionObserver((all) => all.forEach(({ target, isIntersecting }) => isIntersecting || shrink(target)));

/** @type {Hold} */
export function hold(e, again) {
	out.unobserve(e);
	if (again)
		again.style.minHeight = `${again.offsetHeight}px`;
	else
		e.dataset.room = '';
}

/** @param {Element} e */
export const release = (e) => out.observe(e);

/** @param {Element} e */
function shrink(e) {
	const isAbove = e.getBoundingClientRect().bottom <= 0;
	/* Which of two columns is read, and must not be pulled, nobody knows. */
	if (isAbove && getComputedStyle(get('main')).gridTemplateColumns.includes(' '))
		return;
	out.unobserve(e);
	const below = e.nextElementSibling ?? e.parentElement?.nextElementSibling ?? e;
	const before = below.getBoundingClientRect().top;
	e.removeAttribute('data-room');
	get('.body', e).style.minHeight = '';
	/* Not every browser keeps the window's text where it is. */
	if (isAbove)
		scrollBy(0, below.getBoundingClientRect().top - before);
}
