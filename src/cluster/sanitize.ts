const esc = '\u001B';
const bell = '\u0007';
/** C1 controls are escape sequences in one character: U+009B is `ESC [`, U+009C ends a string (ECMA-48 §5.3, §8.3). */
const csi = `(?:${esc}\\[|\u009B)[0-?]*[ -/]*[@-~]`;
/** OSC, DCS, SOS, PM and APC, up to their end on the same line; one without an end must not swallow what follows. */
const strings = `(?:${esc}[\\]PX^_]|[\u0090\u0098\u009D-\u009F])\\P{Cc}*(?:${bell}|${esc}\\\\|\u009C)`;
const sequences = new RegExp(`${strings}|${csi}|${esc}[ -/]*[0-~]`, 'gu');

/** Control characters, bidi marks, overrides and isolates, zero-width and other invisible characters (Unicode's classes). */
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const lineBreaks = /\r*\n|\p{Zl}|\p{Zp}/gu;
/** Half of a surrogate pair; terminals and JSON writers disagree about what it is. */
const loneSurrogate = /\p{Cs}/gu;

/** Text from outside as one line that is safe on a screen: no escape sequence, nothing invisible, line breaks as blanks. */
export function sanitize(text: string): string {
	return unsafe.test(text) ? sanitizeLines(text).replaceAll('\n', ' ') : text;
}

/** Text from outside that is safe on a screen, its line breaks kept (CRLF as one). A tab becomes four blanks. */
export function sanitizeLines(text: string): string {
	if (!unsafe.test(text)) return text;
	return text
		.replaceAll(sequences, '')
		.replaceAll(lineBreaks, '\n')
		.replaceAll('\t', '    ')
		.replaceAll(loneSurrogate, '\uFFFD')
		.split('\n')
		.map(line => line.replaceAll(invisible, ''))
		.join('\n');
}
