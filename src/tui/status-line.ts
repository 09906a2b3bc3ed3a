import type {WizardState} from '../wizard/state.ts';
import {glyphs} from './glyphs.ts';
import {preflightLine} from './preflight-lines.ts';
import {blank, type Line, span} from './text.ts';

/** The line above the key hints: why the last key did nothing, or what does not work just now. */
export function statusLine({refusal, watchProblem, screen, data, preflight}: WizardState, now: number): Line {
	if (refusal) {
		const {message, next} = refusal;
		return [span(`${glyphs.failed} `, 'bad'), span([message, ...next].join(' '), 'warn')];
	}
	if (watchProblem) return [span('! ', 'warn'), span(`Nodes cannot be looked at: ${watchProblem}`, 'warn')];
	const visibility = data?.visibility;
	if (screen.name === 'nodes' && visibility && visibility.nodes !== 'all') {
		return [span('! ', 'warn'), span(`Not every node can be looked at: ${visibility.reason}`, 'warn')];
	}
	const before = screen.name === 'nodes' || screen.name === 'reflectors';
	return before && preflight ? preflightLine(preflight.answer, now) : blank;
}
