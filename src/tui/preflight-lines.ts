import type {FindingState} from '../core/doctor/types.ts';
import {formatWait} from '../wizard/durations.ts';
import {findingsIn, type PreflightAnswer} from '../wizard/preflight.ts';
import {glyphs} from './glyphs.ts';
import {problemNote} from './notes.ts';
import {type Line, paragraph, type Span, span} from './text.ts';
import type {Style} from './theme.ts';

type Mark = {readonly symbol: string; readonly style: Style; readonly one: string; readonly many: string};

/** How each state of a finding looks and is spoken of; never by its colour alone. */
export const marks: Readonly<Record<FindingState, Mark>> = {
	block: {symbol: glyphs.failed, style: 'bad', one: 'blocks', many: 'block'},
	warn: {symbol: '!', style: 'warn', one: 'warning', many: 'warnings'},
	unknown: {symbol: '?', style: 'warn', one: 'not known', many: 'not known'},
	pass: {symbol: glyphs.done, style: 'good', one: 'passed', many: 'passed'},
};

/** The states a reader wants to know of first. */
export const worstFirst: readonly FindingState[] = ['block', 'warn', 'unknown', 'pass'];

/** How the doctor's examination stands, in one line: `Doctor: 1 blocks, 2 warnings, 30 passed`. */
export function preflightLine(answer: PreflightAnswer, now: number): Line {
	switch (answer.state) {
		case 'asking':
			return [span(`The doctor is looking at the cluster … ${formatWait(now - answer.since)}`, 'dim')];
		case 'failed':
			return [span('! ', 'warn'), span(`The doctor could not look: ${answer.problem.message}`, 'warn')];
		case 'known':
			return [span('Doctor: '), ...counts(answer)];
	}
}

function counts({findings}: Extract<PreflightAnswer, {state: 'known'}>): readonly Span[] {
	const parts = worstFirst.flatMap(state => {
		const count = findingsIn(findings, state).length;
		const {style, one, many} = marks[state];
		return count === 0 ? [] : [span(`${count} ${count === 1 ? one : many}`, state === 'pass' ? 'dim' : style)];
	});
	return parts.flatMap((part, index) => (index === 0 ? [part] : [span(', '), part]));
}

/** What blocks, in full, and how many other findings there are. */
export function preflightNote(answer: PreflightAnswer | null, width: number, now: number): readonly Line[] {
	if (!answer) return [];
	if (answer.state === 'failed') return problemNote(answer.problem, width);
	const blocks = answer.state === 'known' ? findingsIn(answer.findings, 'block') : [];
	const {symbol, style} = marks.block;
	return [
		...blocks.flatMap(({reason}) => paragraph(reason, width, style, span(`${symbol} `, style))),
		[...preflightLine(answer, now), span('   d shows all', 'dim')],
	];
}
