import {wrapText} from '../core/wrap-text.ts';

/** Commands, YAML and diffs: whoever copies them wants them whole. */
const verbatim = /^(?: {2}\$ | {4})/;

/** Breaks the sentences of a text for a terminal of that width; what is verbatim stays, and null leaves all as it is. */
export function wrapProse(text: string, width: number | null): string {
	const wrap = (line: string): string => (verbatim.test(line) ? line : wrapLine(line, width));
	return width === null ? text : text.split('\n').map(wrap).join('\n');
}

/** Breaks a line between words where a terminal of that width would break it anywhere; null leaves it as it is. */
export function wrapLine(line: string, width: number | null): string {
	if (width === null || line.length < width) return line;
	const prose = line.trimStart();
	const indent = line.length - prose.length;
	// The last column stays free: some terminals go to the next line by themselves there.
	return wrapText(prose, width - indent - 3)
		.map((part, index) => `${' '.repeat(index === 0 ? indent : indent + 2)}${part}`)
		.join('\n');
}
