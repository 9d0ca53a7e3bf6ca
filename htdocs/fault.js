import { get, make, speak } from './dom.js';
import { words } from './words.js';

/** Of recipe.fcgi(8), by the sentence. @type {Names} */
export const CODES = {
	away: 'unreachable connect_timeout', setup: 'auth config tls program_failed', answer: 'http_status provider_error no_stream bad_list empty',
	slow: 'first_token_timeout idle_timeout run_timeout body_timeout', broke: 'cut_off lost stopped left broken', busy: 'busy no_process no_memory', limit: 'limit_visitor limit_site',
	filtered: 'filtered', long: 'too_big too_large', skipped: 'skipped',
	page: 'bad_input bad_json bad_encoding bad_length bad_type length_required cross_site not_found method_not_allowed bad_key bad_offset not_yours no_run other_request',
};

/** Only the owner is told the server's own words. */
let isLocal = false;
let timer = 0;

/** @param {Bag} services */
export const know = ({ local }) => isLocal = local === true;

const kindOf = (code = '') => Object.keys(CODES).find((kind) => CODES[kind].split(' ').includes(code)) ?? 'unknown';

/** @param {Fault} fault */
export function explained({ code, message, retry_s }) {
	const kind = kindOf(code);
	return words.why[kind === 'answer' && retry_s ? 'busy' : kind] + (kind === 'limit' && retry_s ? ` ${words.pause(retry_s)}` : '') + (isLocal && message ? ` (${message})` : '');
}

/** @type {Common} */
export function common(faults, nothing) {
	const own = faults.filter(({ code }) => code !== 'skipped');
	const isAlike = own.length > 1 && new Set(own.map(({ code, retry_s }) => explained({ code, retry_s }))).size === 1;
	return nothing || isAlike ? { ...own[0], retry_s: Math.max(0, ...own.map(({ code, retry_s = 0 }) => kindOf(code) === 'setup' ? 0 : retry_s)) } : undefined;
}

export function count(seconds = 0) {
	clearInterval(timer);
	document.getElementById('wait')?.remove();
	if (!seconds)
		return;
	/* The alert is read aloud once, and not with each second. */
	const line = make('p', { id: 'wait', ariaLive: 'off' });
	const end = performance.now() + seconds * 1000;
	const tell = () => {
		const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
		speak(line, () => words.pause(left));
		if (!left)
			clearInterval(timer);
	};
	timer = setInterval(tell, 500);
	tell();
	get('#problem').append(line);
}
