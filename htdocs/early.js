/* Before the page is shown: if lang.js will put it into another language, it waits for those words, some seconds at most. */
{
	let kept;
	try {
		kept = localStorage.lang;
	} catch {
		/* Forbidden. */
	}
	const code = [new URLSearchParams(location.search).get('lang'), kept, navigator.language.slice(0, 2)].find((like) => ['en', 'ko'].includes(like));
	const { dataset } = document.documentElement;
	const show = () => delete dataset.waits;
	if (code && code !== 'en') {
		dataset.waits = code;
		document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: `${code}.js`, onerror: show }));
		setTimeout(show, 4000);
	}
}
