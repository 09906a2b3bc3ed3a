/** Symbols of the screens. Each stands beside a word, and each is one column wide, here and in ASCII. */
export const glyphs = {
	done: '✔',
	failed: '✖',
	running: '▸',
	waiting: '○',
	skipped: '·',
	cursor: '❯',
	between: '›',
	ellipsis: '…',
	rule: '─',
	bar: '│',
} as const;

/** One ASCII character for one of ours, so that no line becomes longer or shorter. */
const ascii: Readonly<Record<string, string>> = {
	'✔': '+',
	'✖': 'x',
	'▸': '>',
	'○': 'o',
	'·': '.',
	'❯': '>',
	'›': '>',
	'…': '~',
	'─': '-',
	'│': '|',
	'→': '>',
	'←': '<',
	'↑': '^',
	'↓': 'v',
	'–': '-',
	'—': '-',
	'×': 'x',
};

/** Whether the terminal can be trusted with more than ASCII: by the locale (POSIX order), and not on Linux's console. */
export function knowsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
	const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
	return env.TERM !== 'linux' && /utf-?8/i.test(locale);
}

/** The same text with our symbols in ASCII. */
export function toAscii(text: string): string {
	return text.replaceAll(/[^\p{ASCII}]/gu, character => ascii[character] ?? character);
}
