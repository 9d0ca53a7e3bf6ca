// @ts-check
/** The page in Korean: the words of words.js, and the texts of the document by their places. */

/** @type {Record<string, string>} */
const called = { init: '요리 고르기', int: '소개', add: '재료 목록', ste: '만드는 법', sde: '곁들임', ing: '재료 이야기', alt: '다른 요리' };
/** @type {Record<string, string>} */
const waiting = { init: '요리사를 기다리는 중', int: '이름을 기다리는 중', add: '이름을 기다리는 중', ste: '재료를 기다리는 중', sde: '이름을 기다리는 중', ing: '요리사를 기다리는 중', alt: '다른 요리를 기다리는 중' };
/** @type {Record<string, string>} */
const states = { start: '물어봄', first: '쓰는 중', reset: '다시 시작', cut: '길이 제한에서 잘림', filtered: '제공자가 막음', failed: '실패', stopped: '멈춤', broken: '끊어짐' };

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)}초`;

/** @type {Partial<typeof import('./words.js').words>} */
export const ko = {
	choosing: '요리를 고르는 중', noName: '이번에는 요리가 없습니다', noIdeas: '이번에는 없었습니다.',
	state(part, state, about = {}) {
		if (state === 'waiting')
			return waiting[part];
		if (state === 'done')
			return about.ms === undefined ? '완성' : `${seconds(about.ms)} 만에 완성`;
		if (state === 'skipped')
			return about.why && called[about.why] ? `건너뜀: ${called[about.why]} 실패` : '건너뜀';
		return (states[state] ?? '') + ((about.attempt ?? 1) > 1 && /start|first/.test(state) ? `, ${about.attempt}번째` : '');
	},
	sent: '보냈습니다. 부엌을 기다립니다.', started: '요리사들이 쓰기 시작했습니다.',
	named: (name) => `요리는 ${name}입니다.`,
	progress: (n, of) => `${of}개 중 ${n}개 완성.`,
	finished: (n, of, ms) => `${ms === undefined ? '' : `${seconds(ms)} 만에 `}${of}개 중 ${n}개를 완성했습니다.`,
	nothing: '아무것도 쓰지 못했습니다.', stopped: '멈췄습니다. 나온 것은 남겨 둡니다.',
	notSent: (why) => `보내지 않았습니다: ${why}`,
	total: ({ ms, first_ms, tokens }) => [`전체 ${seconds(ms ?? 0)}`, first_ms === undefined ? '' : `첫 글자까지 ${seconds(first_ms)}`, tokens?.out ? `토큰 ${tokens.out}개` : ''].filter(Boolean).join(', ') + '. 모든 시간은 요청부터 셉니다.',
	pace: (all, sum) => `한꺼번에: ${all}. 하나씩 했다면: ${sum}.`,
	step: (n, of) => `${of}단계 중 ${n}`,
	sleepy: '화면이 꺼질 수 있습니다. 켜 두려면 https와 이를 지원하는 브라우저가 필요합니다.',
	again: '다시', againOf: (title) => `${title} 다시 쓰기`,
	copied: '마크다운으로 복사했습니다.', notCopied: '이 브라우저는 https에서만 복사할 수 있습니다. 파일로 저장하세요.',
	tooShort: '두 글자 이상 써 주세요.', tooLong: (n) => `${n}자입니다. 2,000자까지 쓸 수 있습니다.`, noLetter: '낱말이 하나는 있어야 합니다.',
	broke: (n, of) => `${of}개 중 ${n}개를 완성하고 연결이 끊어졌습니다. 나온 것은 남겨 둡니다.`,
	refusedTitle: '부엌이 거절했습니다', unreachableTitle: '대답이 없습니다',
	unreachable: '서버에 닿을 수 없습니다. 네트워크가 있나요? 만들기를 누르면 다시 물어봅니다.',
	runTitle: '실행에 실패했습니다',
	httpStatus: (status, text) => `웹 서버가 ${status} ${text}로 대답했고, 우리 프로그램이 아닙니다.`,
	notAStream: (type) => `서버가 요리법이 아니라 ${type || '알 수 없는 것'}으로 대답했습니다.`,
	demoHint: '내장된 데모 요리사입니다. 진짜 모델을 쓰려면 서버에 FIREWORKS_API_KEY, GROQ_API_KEY 또는 OPENAI_API_KEY를 설정하세요.',
};

/** The first text of what each selector finds; the placeholder of a field. @type {Record<string, string>} */
export const texts = {
	'.tagline': '여섯 요리사, 한 요리, 한꺼번에', '#order-title': '부엌에 무엇이 있나요?', 'label[for=ingredients]': '있는 재료',
	'#ingredients': '소고기, 양파, 파프리카', '#ingredients-hint': '어떤 언어든 좋습니다. ', '.keys': 'Ctrl 또는 ⌘ + Enter로 보냅니다.',
	'.times legend': '있는 시간', '.options summary': '인원, 식단, 알레르기, 언어',
	'.grid label:nth-child(1)': '인원 ', '.grid label:nth-child(2)': '식단 ', '.grid label:nth-child(3)': '알레르기 ', '.grid label:nth-child(4)': '언어 ',
	'[name=servings]': '2~4', '[name=allergies]': '땅콩, 참깨', '[name=diet] option:nth-child(1)': '무엇이든', '[name=diet] option:nth-child(2)': '채식',
	'[name=diet] option:nth-child(3)': '비건', '[name=diet] option:nth-child(4)': '해산물 채식', '[name=diet] option:nth-child(5)': '글루텐 없이',
	'[name=diet] option:nth-child(6)': '유당 없이', '[name=diet] option:nth-child(7)': '할랄', '[name=diet] option:nth-child(8)': '코셔',
	'[name=language] option': '재료의 언어', '#generate': '만들기', '#stop': '멈춤', '#status': '준비되었습니다.', '#finish': '나머지 마저 쓰기',
	'#demo strong': '데모.', '.motto span:nth-child(1)': '있는 것을 말하면', '.motto span:nth-child(2)': '저녁이 눈앞에서 쓰입니다.',
	'p.motto-small': '이름, 소개, 재료, 만드는 법, 곁들임, 재료 이야기까지: 저마다 다른 요리사가 한꺼번에 씁니다.',
	'#h-int': '소개', '#h-add': '재료', '#h-ste': '만드는 법', '#h-sde': '곁들임', '#h-ing': '재료 이야기', '#h-alt': '다른 요리',
	'.race summary': '표로 보기', 'th:nth-child(1)': '부분', 'th:nth-child(2)': '모델', 'th:nth-child(3)': '물어봄', 'th:nth-child(4)': '첫 글자', 'th:nth-child(5)': '끝', 'th:nth-child(6)': '토큰/초',
	'#cook': '요리하기', '#print': '인쇄', '#copy': '복사', '#markdown': '마크다운', '#jsonld': '레시피 JSON',
	'#shelf summary': '이 브라우저에 남긴 요리', '#forget': '모두 잊기', '#back': '이전', '#next': '다음', '#close': '닫기',
};
