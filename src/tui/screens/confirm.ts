import {countWrites} from '../../core/diff.ts';
import {preflightOf} from '../../wizard/preflight.ts';
import type {ConfirmScreen, WizardState} from '../../wizard/state.ts';
import {confirmationWord} from '../../wizard/steps.ts';
import {type Area, type Body, still, type Tools} from '../body.ts';
import {warningNote} from '../notes.ts';
import {preflightLine} from '../preflight-lines.ts';
import {blank, line, paragraph, span} from '../text.ts';

/** The last question before the first write. */
export function confirmBody(
	state: WizardState,
	{preview, typed, wrong, waits}: ConfirmScreen,
	area: Area,
	{now}: Tools,
): Body {
	const {identity} = state;
	const {plan} = preview;
	const doctor = preflightOf(state, plan.choice);
	const {width} = area;
	const {create, patch, delete: deleted} = countWrites(plan);
	const word = confirmationWord(identity);
	return still(
		[
			...paragraph(`This changes ${identity.name}.`, width, 'strong'),
			line(`${create} to add, ${patch} to change, ${deleted} to delete, in ${plan.steps.length} steps.`),
			...paragraph('A failed write or gate goes back by itself. Ctrl+C goes back too.', width),
			...plan.warnings.flatMap(each => warningNote(each, width)),
			...(doctor ? [preflightLine(doctor, now)] : []),
			blank,
			[span('Type '), span(word, 'strong'), span(' and press enter to begin; esc goes back.')],
			[span('> ', 'accent'), span(typed, 'strong'), span('_', 'accent')],
			...(waits ? paragraph('It begins as soon as everybody has answered; esc goes back.', width, 'accent') : []),
			...(wrong ? warningNote(`That is not ${word}: nothing was begun.`, width) : []),
		],
		area,
	);
}
