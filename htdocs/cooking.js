import { get, make, speak, spokenIn } from './dom.js';
import { awake, starters, strip } from './timers.js';
import { words } from './words.js';

const dialog = get('#cooking');
/** @type {string[]} */
let steps = [];
export let at = 0;
let from = { clientX: 0, clientY: 0 };

function turn(by = 0) {
	at = Math.min(Math.max(at + by, 0), steps.length - 1);
	speak(get('#step-of'), () => words.step(at + 1, steps.length));
	get('#step').textContent = steps[at];
	get('#starters').replaceChildren(...starters(`${at + 1}. ${steps[at]}`));
	dialog.dispatchEvent(new Event('turn'));
}

/** @param {string[]} all @param {string[]} ingredients */
export function cooking(all, ingredients, first = 0) {
	if (all.length === 0 || dialog.open)
		return;
	steps = all;
	at = first;
	get('#needs').replaceChildren(...ingredients.map((text) => make('li', { dir: 'auto' }, text)));
	speak(get('#cooking summary'), () => spokenIn(get('#h-add')));
	dialog.showModal();
	get('#step-of').after(strip);
	turn();
	get('#next').focus();
	awake();
}

get('#next').onclick = get('#step').onclick = () => turn(1);
get('#back').onclick = () => turn(-1);
get('#close').onclick = () => dialog.close();
dialog.addEventListener('keydown', ({ key }) => {
	if (key.startsWith('Arrow'))
		turn(/Right|Down/.test(key) ? 1 : -1);
});
dialog.addEventListener('touchstart', ({ touches: [touch] }) => from = touch, { passive: true });
dialog.addEventListener('touchend', ({ changedTouches: [{ clientX, clientY }] }) => {
	const [x, y] = [clientX - from.clientX, clientY - from.clientY];
	if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y))
		turn(x < 0 ? 1 : -1);
});
dialog.addEventListener('close', () => {
	get('#bar').prepend(strip);
	awake();
});
