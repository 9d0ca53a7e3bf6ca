/** Where the visitor is: at a recipe by its address, and maybe in its cooking view. Back and Forward move among these. */
const ID = /^#([0-9a-z]{8}-[0-9a-z]+)$/;

/** The id of the recipe, '' if it is none. */
export const id = () => ID.exec(location.hash)?.[1] ?? '';
export const isCooking = () => history.state === 'cooking';

/** A step further on, to that recipe. */
export const go = (to = '') => id() === to || history.pushState('', '', `#${to}`);
/** The recipe that is here. */
export const be = (is = '') => history.replaceState(history.state, '', `#${is}`);

export const cook = () => isCooking() || history.pushState('cooking', '');
/** The view is closed, by whatever it was. */
export const leave = () => isCooking() && history.back();
