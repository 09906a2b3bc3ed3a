import type {Finding} from '../../core/doctor/types.ts';
import {findingsIn} from '../../wizard/preflight.ts';
import type {DoctorScreen, WizardState} from '../../wizard/state.ts';
import {type Area, type Body, scrolled, type Tools} from '../body.ts';
import {problemNote} from '../notes.ts';
import {marks, preflightLine, worstFirst} from '../preflight-lines.ts';
import {blank, type Line, line, paragraph, span} from '../text.ts';

/** Everything the doctor found, the worst first: what, why, and what to do. */
export function doctorBody({preflight}: WizardState, {scroll}: DoctorScreen, area: Area, {now}: Tools): Body {
	const {width, height} = area;
	if (!preflight) return scrolled([line('The doctor has not been asked yet.', 'dim')], height, scroll);
	const {choice, answer} = preflight;
	const about = paragraph(`For the route reflectors ${choice.reflectors.join(', ')}`, width, 'dim');
	const findings = answer.state === 'known' ? findingsIn(answer.findings, ...worstFirst) : [];
	const problem = answer.state === 'failed' ? problemNote(answer.problem, width) : [];
	const lines = [
		preflightLine(answer, now),
		...about,
		...problem,
		...findings.flatMap(each => findingLines(each, width)),
	];
	return scrolled(lines, height, scroll);
}

/** As wide as the longest state, and a blank. */
const stateWidth = Math.max(...worstFirst.map(state => state.length)) + 1;

function findingLines({title, state, reason, next}: Finding, width: number): readonly Line[] {
	const {symbol, style} = marks[state];
	const indent = span('  ');
	return [
		blank,
		...paragraph(title, width, 'strong', span(`${symbol} ${state.padEnd(stateWidth)}`, style)),
		...paragraph(reason, width, 'plain', indent),
		...next.flatMap(each => paragraph(each, width - 2, 'accent', span('  > ', 'accent'))),
	];
}
