/** The page of any graph, as GET /graph says it. */
import { Refused, graph } from './client.js';
import { get, make, speak } from './dom.js';
import { field } from './fields.js';
import { explained } from './fault.js';
import { said } from './lang.js';
import { wire } from './page.js';
import { quiet } from './paper.js';
import { makeParts } from './parts.js';
import { makeSection } from './section.js';
import { sign } from './trust.js';
import * as view from './view.js';
import { words } from './words.js';

const form = get('#order');
const sheet = get('#sheet');
/** @type {Order} */
let ordered = {};
/* Until it is drawn there is nothing to send. */
form.onsubmit = () => false;

/** @param {Graph} about */
function draw(about) {
	view.named(about);
	speak(get('.motto'), view.site);
	form.replaceChildren(...about.inputs.map(field), get('#generate'));
	/** @param {string} need */
	const title = (need) => said(about.parts.find(({ name, list }) => name === need || list?.pick === need)?.title);
	const parts = makeParts(about.parts, ({ name, list, each, form, needs, title: own }) => {
		const root = make('section', {}, make('h2', {}, () => said(own)));
		Object.assign(root.dataset, { part: name, form: list || each ? 'elements' : form === 'choice' ? 'list' : form });
		sheet.append(root);
		return makeSection(root, { list, due: () => (each ? [each] : needs).map(title).join(', '), isUnmarked: true });
	});
	const warn = sign(sheet, (...notes) => sheet.prepend(...notes));
	wire({
		parts, sheet, counted: Object.values(parts.sections), isHeaded: true,
		ordered: () => ordered,
		begun: (order) => warn(ordered = order, view.isDemo()),
		head: () => [`# ${quiet(view.site())}`],
		file: () => 'text.md',
	});
}

graph().then(draw, (error) => error instanceof Refused && error.code ? view.refuse(() => words.refusedTitle, () => explained(error)) : view.unreachable());
