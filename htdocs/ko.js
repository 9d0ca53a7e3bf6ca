/** @type {Vocabulary} */
export const words = {
	recipe: '요리', choosing: '요리를 고르는 중', noName: '이번에는 요리가 없습니다', unit: '초',
	states: { start: '요청함', first: '쓰는 중', reset: '다시 시작', done: '완성', cut: '길이 제한에서 잘림', filtered: '제공자가 막음', failed: '실패', skipped: '건너뜀', stopped: '멈춤', broken: '끊어짐' },
	waiting: { init: '요리사를', int: '이름을', add: '이름을', ste: '재료를', sde: '이름을', ing: '요리사를', alt: '다른 요리를' },
	waits: (what) => `${what} 기다리는 중`, queues: (before) => `차례를 기다리는 중${before > 0 ? `, 앞에 ${before}개` : ''}`, doneIn: (time) => `${time} 만에 완성`, skippedFor: (what) => `건너뜀: ${what} 실패`, attempt: (n) => `, ${n}번째`,
	why: {
		away: '모델 서비스에 연결할 수 없습니다. 나중에 다시 해 보세요.',
		setup: '사이트 설정이 잘못되었습니다. 주인에게 알려 주세요.',
		answer: '모델 서비스의 대답을 쓸 수 없습니다. 다시 해 보세요.',
		slow: '너무 오래 걸렸습니다. 다시 해 보세요.',
		broke: '쓰다가 끊어졌습니다. 다시 해 보세요.',
		busy: '지금은 붐빕니다. 잠시 뒤에 다시 해 보세요.',
		limit: '지금 쓸 수 있는 만큼 다 썼습니다.',
		filtered: '모델 서비스가 막았습니다. 다른 말로 써 보세요.',
		long: '글이 너무 깁니다. 줄여 보세요.',
		skipped: '먼저 있어야 할 부분이 없습니다.',
		page: '페이지가 서버와 맞지 않습니다. 페이지를 새로 고쳐 주세요.',
		unknown: '문제가 생겼습니다. 다시 해 보세요.',
	},
	pause: (s) => s > 90 ? `약 ${Math.ceil(s / 60)}분 뒤에 다시 할 수 있습니다.` : s ? `${s}초 뒤에 다시 할 수 있습니다.` : '이제 다시 할 수 있습니다.',
	cutShort: '모델이 길이 제한에 걸려 끝부분이 없습니다.',
	queued: (before) => `부엌이 꽉 찼습니다. ${before > 0 ? `앞에 ${before}명이 있습니다.` : '다음 차례입니다.'}`,
	full: (s) => `부엌도 대기 줄도 꽉 찼습니다. ${s}초 뒤에 다시 묻습니다.`,
	asked: { prepTime: (n) => `${n}분`, servings: (n) => `${n}인분`, diet: (what) => `식단: ${what}`, allergies: (what) => `알레르기: ${what}`, language: (what) => `언어: ${what}`, ingredientsOnHand: (what) => `있던 재료: ${what}` },
	opened: (name) => `요리책에서: ${name}`, unknown: '이 브라우저의 요리책에 없는 요리입니다.', ready: '준비되었습니다.',
	starOf: (name) => `${name} 별표`, remove: '삭제', removeOf: (name) => `${name} 삭제`,
	removed: (name) => `삭제했습니다: ${name}`, cleared: (n) => `요리 ${n}개를 삭제했습니다.`, restored: '삭제한 것을 되돌렸습니다.', found: (n, of) => `${of}개 중 ${n}개`,
	taken: (added, known, bad) => `${added}개를 추가했습니다.${known ? ` ${known}개는 이미 있습니다.` : ''}${bad ? ` ${bad}개는 읽을 수 없습니다.` : ''}`,
	notTaken: '여기서 저장한 요리책 파일이 아닙니다. 바뀐 것은 없습니다.',
	edit: '저장한 것에 잘못이 있어 그 전의 것을 씁니다:',
	sent: '보냈습니다. 부엌을 기다립니다.', begun: '요리사들이 시작했습니다.',
	first: (time) => `${time} 만에 첫 글자가 나왔습니다.`, place: (before) => `모델의 차례를 기다립니다.${before > 0 ? ` 앞에 ${before}개가 있습니다.` : ''}`,
	connecting: '연결을 기다립니다. 부엌이 꽉 찼거나 열린 탭이 많습니다.',
	named: (name) => `요리는 ${name}입니다.`,
	progress: (n, of) => `${of}개 중 ${n}개 완성.`,
	finished: (n, of, time) => `${time && `${time} 만에 `}${of}개 중 ${n}개를 완성했습니다.`,
	demo: '모델이 아니라 내장된 데모가 미리 적어 둔 글을 영어로 씁니다. 진짜 모델을 쓰려면 서버에 FIREWORKS_API_KEY, GROQ_API_KEY 또는 OPENAI_API_KEY를 설정하세요.',
	noLanguage: '언어를 불러오지 못했습니다. 네트워크를 확인해 주세요.',
	nothing: '새로 쓴 것이 없습니다.', stopped: '멈췄습니다. 나온 것은 남겨 둡니다.', unfinished: '미완성',
	broke: (n, of) => `${of}개 중 ${n}개를 완성하고 연결이 끊어졌습니다. 나온 것은 남겨 둡니다.`,
	total: (all, first, tokens) => `전체 ${all}${first && `, 첫 글자까지 ${first}`}${tokens && `, 토큰 ${tokens}개`}.`, about: '약 ',
	table: '표로 보기', columns: ['부분', '모델', '요청', '첫 글자', '끝', '토큰/초'],
	pace: (all, sum) => `한꺼번에: ${all}. 하나씩 했다면: ${sum}.`,
	step: (n, of) => `${n}/${of}단계`,
	sleepy: '화면이 꺼질 수 있습니다. https와 새 브라우저라야 켜 둡니다.',
	timer: (time) => `타이머 ${time}`, timerRuns: (time) => `${time} 타이머를 시작했습니다.`, timerUp: (step) => `시간이 다 됐습니다: ${step}`, timerOff: (step) => `타이머 끄기: ${step}`,
	toBuy: '살 것', shopping: '살 것 복사',
	again: '다시', againOf: (title) => `${title} 다시 쓰기`,
	copy: '복사', copyOf: (title) => `${title} 복사`, copied: '마크다운으로 복사했습니다.', saved: '파일로 저장했습니다.', notCopied: '복사할 수 없습니다. 마크다운 파일로 저장하세요.',
	modelWrote: '언어 모델이 쓴 글이며, 아무도 만들어 보지 않았습니다.', demoWrote: '모델이 아니라 데모가 쓴 글입니다.',
	caution: (what) => `알레르기(${what})에 주의하세요. 모델은 놓칠 수 있습니다. 이름이 나오는 줄에는 ⚠ 표시를 하지만, 표시가 없다고 안전한 것은 아닙니다. 성분표를 꼭 직접 확인하세요.`,
	notSent: (why) => `보내지 않았습니다: ${why}`,
	needed: '여기를 채워 주세요.', tooLittle: (least) => `${least}글자 이상, 낱말을 넣어 써 주세요.`,
	tooLong: (n, most) => `${n}자입니다. ${most}자까지 쓸 수 있습니다.`,
	whole: (least, most) => `${least}에서 ${most}까지의 정수로 써 주세요.`, unfit: '받을 수 없는 값입니다. 바꾸어 주세요.',
	refusedTitle: '부엌이 거절했습니다', unreachableTitle: '대답이 없습니다',
	unreachable: '서버에 닿을 수 없습니다. 네트워크를 보고 다시 해 보세요.',
	runTitle: '끝까지 쓰지 못했습니다',
	spans: { hour: '지난 1시간', day: '지난 24시간', measured: '직접 잼' }, answers: (n, failed, since) => `${since}부터 ${n}번${failed ? `, 실패 ${failed}번` : ''}`,
	noAnswers: '아직 없음', never: '오지 않음', unmeasured: '아직 아는 것이 없습니다. 글을 쓰게 하거나 recipe.fcgi speed를 실행하세요.', closed: 'recipe.json에 "speed": true가 있어야 보입니다.',
	notOurs: (answer) => `웹 서버가 ${answer}(으)로 대답했고, recipe.fcgi가 아닙니다. 이 주소에 설치되어 있나요?`,
};

/** @type {Neutral} */
export const neutral = {
	modelWrote: '언어 모델이 쓴 글이며, 아무도 확인하지 않았습니다.',
	recipe: '머리', choosing: '고르는 중', noName: '이번에는 없습니다',
	waits: (what) => what ? `${what}: 기다리는 중` : '기다리는 중',
	sent: '보냈습니다. 대답을 기다립니다.',
	queued: (before) => `자리가 꽉 찼습니다. ${before > 0 ? `앞에 ${before}명이 있습니다.` : '다음 차례입니다.'}`,
	full: (s) => `자리도 대기 줄도 꽉 찼습니다. ${s}초 뒤에 다시 묻습니다.`,
	begun: '쓰기 시작했습니다.', named: (name) => `고른 것: ${name}.`,
	refusedTitle: '받을 수 없습니다',
};

/** @type {Texts} */
export const texts = {
	'.tagline': '여섯 요리사, 한 요리, 한꺼번에', '#order h2': '부엌에 무엇이 있나요?', 'label[for]': '가진 재료',
	textarea: '소고기, 양파, 파프리카', '#ingredients-hint': '어떤 언어든 좋습니다. ', '.keys': 'Ctrl 또는 ⌘ + Enter로 보냅니다.',
	legend: '쓸 수 있는 시간', '.times small': '분',
	'.options summary': '인원, 식단, 알레르기, 언어', '#shelf summary': '요리책 ', '.options .hint': '모델은 알레르기를 놓칠 수 있으니 성분표를 꼭 직접 확인하세요.', '.options label': ['인원 ', '식단 ', '알레르기 ', '언어 '],
	'.options input': ['2~4', '채식, 할랄', '땅콩, 참깨', '재료의 언어'],
	'#generate': '만들기', '#stop': '멈춤', '#status': '준비되었습니다.', '#finish': '마저 쓰기',
	'#demo strong': '데모.',
	'.motto span': ['있는 것을 말하면', '저녁 한 상이 눈앞에서 차려집니다.'],
	h3: ['재료', '소개', '만드는 법', '곁들임', '재료 이야기', '다른 요리'],
	'#to-speed': '모델은 얼마나 빠른가', '#cook': '요리하기', '#more': '더 보기', '#tools button': ['인쇄', '복사', '마크다운', '레시피 JSON', '요리책'], '#finding': '찾기 ', '#find': '요리, 재료, 낱말', '#undo': '되돌리기', '#clear': '별표 없는 것 모두 삭제', '#save': '파일로 저장', '#take': '파일에서 추가',
	'#fleeting': '브라우저 저장 공간이 꽉 찼거나 저장이 막혀 있습니다. 새 요리는 페이지를 닫으면 사라지니 아래 요리책에서 파일로 저장해 주세요.', '#offline': 'https가 아니면 네트워크가 있어야 열립니다.', '#cooking button': ['이전', '다음', '닫기'],
};

/** Otherwise in app.html. @type {Texts} */
export const app = { '#generate': '쓰기' };

/** The same of speed.html. @type {Texts} */
export const speed = {
	h1: '모델은 얼마나 빠른가', '#masthead a': '돌아가기', 'thead th': ['언제', '첫 글자', '토큰/초', '전체'],
	'main > .hint': '가운데 값이고, 작은 글자는 열 번 중 아홉 번이 지킨 값입니다.',
};
