import type {RecordedCall} from '../../cluster/recorder.ts';
import {sanitizeLines} from '../../cluster/sanitize.ts';
import {formatDuration} from '../../wizard/durations.ts';
import {type Area, type Body, scrolled} from '../body.ts';
import {commandLine} from '../command-line.ts';
import {blank, chop, type Line, line, paragraph, span, wrap} from '../text.ts';
import type {Style} from '../theme.ts';

/** One call of a tool: what was typed, what went in, what came out. */
export function callBody(call: RecordedCall | undefined, scroll: number, {width, height}: Area): Body {
	return scrolled(call ? linesOf(call, width) : [line('No call yet.', 'dim')], height, scroll);
}

// The answer about 5,000 nodes is 5 MB, and a replay is drawn ten times a second.
const broken = new WeakMap<RecordedCall, {readonly width: number; readonly lines: readonly Line[]}>();

function linesOf(call: RecordedCall, width: number): readonly Line[] {
	const known = broken.get(call);
	if (known?.width === width) return known.lines;
	const lines = callLines(call, width);
	broken.set(call, {width, lines});
	return lines;
}

function callLines(call: RecordedCall, width: number): readonly Line[] {
	const {argv, stdin, stdout, stderr} = call;
	const [file = '', ...args] = argv;
	return [
		...wrap(commandLine({file, args}), width - 2).map((text, index) => [
			span(index === 0 ? '$ ' : '  ', 'dim'),
			span(text, 'strong'),
		]),
		...(stdin === undefined ? [] : textLines(stdin, width, {mark: '< ', style: 'accent'})),
		blank,
		...textLines(stdout, width, {mark: '', style: 'plain'}),
		...textLines(stderr, width, {mark: '! ', style: 'warn'}),
		...paragraph(endText(call), width, call.exit === 0 ? 'good' : 'bad'),
	];
}

/** A text whose lines keep their columns: too long ones are broken anywhere, as a terminal does. */
function textLines(
	text: string,
	width: number,
	{mark, style}: {readonly mark: string; readonly style: Style},
): readonly Line[] {
	if (text.trim() === '') return [];
	return sanitizeLines(text.replace(/\n+$/, ''))
		.split('\n')
		.flatMap(each => chop(each, width - mark.length).map(piece => [span(mark, 'dim'), span(piece, style)]));
}

function endText({exit, failure, seconds}: RecordedCall): string {
	const time = seconds === undefined ? '' : `, after ${formatDuration(1000 * seconds)}`;
	return exit === null ? `no exit code: ${failure ?? 'unknown why'}${time}` : `exit code ${exit}${time}`;
}
