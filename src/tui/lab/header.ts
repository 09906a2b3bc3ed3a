import {mostPoints} from '../../lab/score.ts';
import type {LabScreenState} from '../../lab/screen/state.ts';
import {cut, type Line, lineWidth, span} from '../text.ts';

/** The first line: which lab, whose clock runs how fast, and the points so far. */
export function labHeader({open, labs}: LabScreenState, width: number): Line {
	if (!open)
		return [span('calico-rr-wizard  ', 'dim'), span('labs', 'strong'), span(`  ${labs.length} of them`, 'dim')];
	const {lab, speed, state} = open;
	const right: Line = [
		span(`time x${speed}`, speed === 1 ? 'dim' : 'accent'),
		span(`  ${state?.points ?? 0}/${mostPoints} points`, state?.verdict?.solved ? 'good' : 'dim'),
	];
	const title = cut(`Lab ${lab.order}: ${lab.title}`, Math.max(10, width - lineWidth(right) - 2));
	const left: Line = [span(title, 'strong')];
	return [...left, span(' '.repeat(Math.max(1, width - lineWidth(left) - lineWidth(right)))), ...right];
}
