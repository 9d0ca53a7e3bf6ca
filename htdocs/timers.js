/**
 * Timers: minutes of a step become a button at its end, and what runs stands in
 * a strip. A timer is the time of its end: right after a sleep and a reload.
 */
import { awake } from './awake.js';
import { button, get, make, speak } from './dom.js';
import { waits } from './minutes.js';
import { words } from './words.js';

/** @typedef {{ label: string, seconds: number, endsAt: number }} Timer its step; its length; as of Date.now() */

/** @type {AudioContext | undefined} */
let audio;
let clock = 0;
/** @type {Map<Timer, HTMLElement>} */
const all = new Map();
const said = make('p', { className: 'unseen', ariaLive: 'polite' });
const rows = make('ul', {});
/** In a dialog that is open, or else in the bar. */
export const strip = make('div', { id: 'timers' }, said, rows);

/** @param {number} s seconds, as "10 min" in the language of the page */
const time = (s) => new Intl.NumberFormat(document.documentElement.lang, { style: 'unit', unit: s < 60 ? 'second' : 'minute' }).format(s < 60 ? s : s / 60);

/** @param {string} step */
export const starters = (step) => waits(step).map((s) => speak(make('button', {
	className: 'timer',
	onclick: () => {
		beep();
		const endsAt = Date.now() + s * 1000;
		/* A second tap is no second timer. */
		if (![...all.keys()].some((t) => t.label === step && t.seconds === s && t.endsAt > Date.now()))
			add({ label: step, seconds: s, endsAt });
		speak(said, () => words.timerRuns(time(s)));
	},
}), () => words.timer(time(s)), 'ariaLabel'));

/** @param {HTMLElement} holder of Lines */
export const offer = (holder) => holder.addEventListener('line', (event) => {
	const { target, detail } = /** @type {any} */ (event);
	target.append(...starters(detail));
});

/** @param {Timer} timer */
function add(timer) {
	const label = timer.label.slice(0, 99);
	const off = button('\u00d7', '', () => (row.remove(), all.delete(timer), keep(), look()), () => words.timerOff(label));
	const row = make('li', {}, make('span', { dir: 'auto' }, label), make('b', {}), off);
	all.set(timer, row);
	rows.append(row);
	clock ||= setInterval(look, 250);
	keep();
	look();
}

/** Once a second: what is left; and what is over, which rings for a while. */
function look() {
	for (const [{ label, endsAt }, row] of all) {
		const left = Math.ceil((endsAt - Date.now()) / 1000);
		if (row.dataset.left === String(left))
			continue;
		row.dataset.left = String(left);
		get('b', row).textContent = new Date(Math.max(left, 0) * 1000).toISOString().slice(11, 19).replace(/^00:/, '');
		if (left <= 0 && left > -30)
			beep(0.4);
		if (left <= 0 && !row.className) {
			row.className = 'up';
			speak(said, () => words.timerUp(label));
			navigator.vibrate?.([400, 200, 400, 200, 400]);
		}
	}
	awake('timers', all.size > 0);
	if (all.size)
		return;
	clearInterval(clock);
	clock = 0;
}

/** A sound; after a tap even a silent one lets later ones be heard. */
function beep(volume = 0) {
	try {
		audio ??= new AudioContext();
		audio.resume();
		const [tone, gain] = [audio.createOscillator(), audio.createGain()];
		tone.frequency.value = 880;
		gain.gain.value = volume;
		tone.connect(gain).connect(audio.destination);
		tone.start();
		tone.stop(audio.currentTime + 0.4);
	} catch {
		/* No sound here. */
	}
}

/** They come back when this tab is loaded again. */
function keep() {
	try {
		sessionStorage.timers = JSON.stringify([...all.keys()]);
	} catch {
		/* Forbidden. */
	}
}

get('#bar').prepend(strip);
document.addEventListener('visibilitychange', look);
try {
	JSON.parse(sessionStorage.timers ?? '[]').forEach(add);
	addEventListener('pointerdown', () => all.size && beep(), { once: true });
} catch {
	/* Forbidden. */
}
