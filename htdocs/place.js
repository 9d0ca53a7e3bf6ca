const RUN = /^#run=([0-9a-f]{32})$/;
const ID = /^#([0-9a-z]{8}-[0-9a-z]+)$/;

export const id = () => ID.exec(location.hash)?.[1] ?? '';
/** A link to a run, which somebody has been given. */
export const run = () => RUN.exec(location.hash)?.[1] ?? '';
export const link = (id = '') => `${location.origin}${location.pathname}#run=${id}`;
export const isCooking = () => history.state === 'cooking';

export const go = (to = '') => id() === to || history.pushState('', '', `#${to}`);
export const be = (is = '') => history.replaceState(history.state, '', is ? `#${is}` : location.pathname + location.search);

export const cook = () => isCooking() || history.pushState('cooking', '');
export const leave = () => isCooking() && history.back();
