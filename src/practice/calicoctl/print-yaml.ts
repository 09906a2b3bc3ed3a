import {isObject, type Json, type JsonObject} from '../../core/json.ts';

/** libyaml's preferred line width: a longer text is folded at the next blank (yaml_emitter_set_width, default 80). */
const width = 80;

/** Prints as `-o yaml` does (sigs.k8s.io/yaml): keys sorted, lists not indented, quotes only where they are needed. */
export function printYaml(value: Json): string {
	if (isObject(value) && Object.keys(value).length > 0) return printMap(value, 0);
	if (Array.isArray(value) && value.length > 0) return printList(value, 0);
	return `${printScalar(value, 0, 0)}\n`;
}

function printMap(map: JsonObject, indent: number): string {
	return Object.keys(map)
		.filter(key => map[key] !== undefined)
		.sort()
		.map((key, index) => {
			const start = `${index === 0 ? '' : ' '.repeat(indent)}${printScalar(key, 0, Number.NEGATIVE_INFINITY)}:`;
			return `${start}${printValue(map[key] ?? null, indent, start.length)}`;
		})
		.join('');
}

function printValue(value: Json, indent: number, column: number): string {
	if (isObject(value) && Object.keys(value).length > 0) {
		return `\n${' '.repeat(indent + 2)}${printMap(value, indent + 2)}`;
	}
	if (Array.isArray(value) && value.length > 0) return `\n${' '.repeat(indent)}${printList(value, indent)}`;
	return ` ${printScalar(value, indent + 2, column + 1)}\n`;
}

function printList(list: readonly Json[], indent: number): string {
	return list
		.map((item, index) => {
			const start = `${index === 0 ? '' : ' '.repeat(indent)}- `;
			if (isObject(item) && Object.keys(item).length > 0) return `${start}${printMap(item, indent + 2)}`;
			if (Array.isArray(item) && item.length > 0) return `${start}${printList(item, indent + 2)}`;
			return `${start}${printScalar(item, indent + 2, indent + 2)}\n`;
		})
		.join('');
}

/** Anything but printable characters needs the escapes of double quotes. */
const unprintable = /[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

function quoted(text: string): string {
	return JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, character => {
		return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
	});
}

/** Whether a text of several lines can be printed line by line: `|`. */
function canStandInLines(text: string): boolean {
	return !/^\s/.test(text) && !/ $/m.test(text) && !unprintable.test(text.replaceAll('\n', ''));
}

/** One value; `column` is where it starts, minus infinity where it must stay on its line. */
function printScalar(value: Json, indent: number, column: number): string {
	if (typeof value !== 'string') return JSON.stringify(value);
	if (/\n/.test(value) && canStandInLines(value) && column >= 0) return printLiteral(value, indent);
	if (unprintable.test(value) || looksLikeAnotherType(value)) return quoted(value);
	const text = isPlain(value) ? value : `'${value.replaceAll("'", "''")}'`;
	return fold(text, indent, column);
}

function printLiteral(text: string, indent: number): string {
	const chomping = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
	const lines = (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n');
	return `|${chomping}\n${lines.map(line => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n')}`;
}

/** What YAML would read as null, a boolean, a number or a time if it had no quotes (go-yaml's resolve.go). */
function looksLikeAnotherType(text: string): boolean {
	return (
		text === '' ||
		/^(?:~|null|Null|NULL|<<)$/.test(text) ||
		/^(?:y|Y|n|N|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/.test(text) ||
		/^[-+]?(?:\.inf|\.Inf|\.INF)$|^\.(?:nan|NaN|NAN)$/.test(text) ||
		/^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[0-9][0-9_]*)$/.test(text) ||
		/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text) ||
		/^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/.test(text) ||
		/^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|\s+)\d{1,2}:\d{2}:\d{2}(?:\.\d*)?\s*(?:Z|[-+]\d{1,2}(?::?\d{2})?)?)?$/.test(text)
	);
}

/** Whether a text can stand without quotes in a block (libyaml's yaml_emitter_analyze_scalar). */
function isPlain(text: string): boolean {
	return !(
		/^(?:---|\.\.\.)/.test(text) ||
		/^[#,[\]{}&*!|>'"%@`]/.test(text) ||
		/^[?:-](?:\s|$)/.test(text) ||
		/:(?:\s|$)/.test(text) ||
		/\s#/.test(text) ||
		/^\s|\s$/.test(text)
	);
}

function fold(text: string, indent: number, column: number): string {
	let at = column;
	let folded = '';
	for (let index = 0; index < text.length; index++) {
		const [before, character = '', after] = [text[index - 1], text[index], text[index + 1]];
		const single = character === ' ' && before !== ' ' && after !== ' ' && index > 0 && after !== undefined;
		if (single && at > width) {
			folded += `\n${' '.repeat(indent)}`;
			at = indent;
		} else {
			folded += character;
			at += 1;
		}
	}
	return folded;
}
