import { services } from './client.js';
import { get } from './dom.js';
import { clip, download, markdownOf } from './paper.js';
import * as place from './place.js';
import { listen, run } from './runner.js';
import * as view from './view.js';

/** @type {Wire} */
export function wire(has) {
	const { parts, counted } = has;
	/** @param {string[]} want */
	const partial = (want, more = {}) => run({ ...page.ordered(), want, given: { ...parts.given(want), ...more } }, true);
	/** @type {Page} */
	const page = {
		again: (name) => partial(parts.again(name)),
		take({ pick }, element) {
			const want = parts.after(pick);
			const given = { [pick]: element };
			if (want.length)
				partial(want, given);
			else
				parts.begin([], given);
		},
		...has,
	};
	parts.take = page.take;
	view.wear(page);
	listen();
	/** @param {Section} section */
	const one = (section) => markdownOf(section, parts.texts()[section.part], page.isHeaded);
	const all = () => `${[...page.head(), ...counted.filter(({ part }) => parts.texts()[part].trim()).map(one)].join('\n\n')}\n`;
	get('#finish').onclick = () => (get('#generate').focus({ preventScroll: true }), partial(parts.missing()));
	get('#print').onclick = () => print();
	get('#more').addEventListener('click', () => view.offers(page.linked()));
	get('#link').onclick = () => clip(place.link(page.linked()?.id), true);
	get('#copy').onclick = () => clip(all());
	get('#markdown').onclick = () => download(page.file('md'), 'text/markdown', all());
	for (const section of counted.filter(({ isFilled }) => !isFilled))
		section.offer(() => clip(one(section)), () => page.again(section.part));
	/* If this fails a run will too, and say why. */
	services().then(view.serves, () => {});
}
