/* A page in another language is shown with its words, or after some seconds. */
{
	let kept;
	try {
		kept = localStorage.lang;
	} catch {
		/* Forbidden. */
	}
	const code = [new URLSearchParams(location.search).get('lang'), kept, navigator.language.slice(0, 2)].find((like) => ['en', 'ko'].includes(like)) ?? 'en';
	const { dataset } = document.documentElement;
	dataset.code = code;
	const show = () => delete dataset.waits;
	if (code !== 'en') {
		dataset.waits = code;
		document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: `${code}.js`, onerror: show }));
		setTimeout(show, 4000);
	}
}
