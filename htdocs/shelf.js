import * as book from './book.js';
import { button, dotted, get, make, speak } from './dom.js';
import { asked, download, fileName } from './paper.js';
import { say } from './view.js';
import { words } from './words.js';

const field = get('#find');
const picker = get('#file');
const shelf = get('#shelf');
const undo = get('#undo');
/** @type {Kept[]} */
let deleted = [];
let drawn = '';
/** @type {(recipe: Kept) => any} */
let open;
/** @param {typeof open} act */
export const onOpen = (act) => open = act;

const fold = (text = '') => text.normalize('NFKC').toLowerCase();
/** @param {Kept} r */
const nameOf = (r) => r.name || r.order.ingredientsOnHand || '?';

/** @param {Kept} r */
function item(r) {
	const name = nameOf(r);
	const mark = () => {
		book.change(r.id, { star: !r.star });
		if (!r.star)
			navigator.storage?.persist?.().catch(() => {});
	};
	const all = [
		button(r.star ? '\u2605' : '\u2606', 'act', mark, () => words.starOf(name)),
		button(name, 'idea', () => open(r)),
		button(() => words.remove, 'act', () => remove(r), () => words.removeOf(name)),
	];
	all[0].ariaPressed = String(!!r.star);
	all.forEach((e, i) => e.id = r.id + i);
	const about = make('small', {}, () => dotted(asked(r, 4), r.missing.length && words.unfinished));
	return make('li', {}, all[0], make('span', { dir: 'auto' }, all[1], ' ', about), all[2]);
}

export function draw() {
	const all = book.recipes();
	get('#fleeting').hidden = !book.isFleeting;
	get('#count').textContent = String(all.length || '');
	if (!shelf.open)
		return;
	const focus = document.activeElement?.id;
	const wanted = fold(field.value).split(/\s+/);
	const shown = all.filter((r) => wanted.every((word) => fold([r.name, r.intro, ...Object.values(r.texts), ...Object.values(r.order)].join('\n')).includes(word)));
	const looks = JSON.stringify(shown.map((r) => [r.id, r.star, nameOf(r), r.missing.length]));
	/* While one is written it is saved every second. */
	if (looks !== drawn)
		get('#kept').replaceChildren(...shown.map(item));
	drawn = looks;
	get('#finding').hidden = get('#save').hidden = !all.length;
	get('#clear').hidden = all.every(({ star }) => star);
	speak(get('#found'), () => field.value && words.found(shown.length, all.length));
	if (focus)
		document.getElementById(focus)?.focus();
}

/** @param {Kept[]} some */
function remove(...some) {
	deleted = some;
	undo.hidden = false;
	undo.focus();
	book.remove(...some);
	say(() => some.length === 1 ? words.removed(nameOf(some[0])) : words.cleared(some.length));
}

undo.onclick = () => {
	book.keep(...deleted);
	get(`[id="${deleted[0].id}1"]`).focus();
	undo.hidden = true;
	say(() => words.restored);
};
get('#clear').onclick = () => remove(...book.recipes().filter(({ star }) => !star));
get('#save').onclick = () => download(fileName(`cookbook ${new Date().toISOString().slice(0, 10)}`, 'json'), 'application/json', book.file());
get('#to-shelf').onclick = () => {
	shelf.open = true;
	shelf.scrollIntoView();
	get('summary', shelf).focus();
};
get('#take').onclick = () => picker.click();
picker.onchange = async () => {
	const taken = book.take(await picker.files?.[0]?.text());
	picker.value = '';
	say(() => taken ? words.taken(taken.added, taken.known, taken.bad) : words.notTaken);
};
field.oninput = shelf.ontoggle = draw;
