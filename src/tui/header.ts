import {runScreenOf, type Screen, type WizardState} from '../wizard/state.ts';
import {type StepName, wizardSteps} from '../wizard/steps.ts';
import {glyphs} from './glyphs.ts';
import {cut, type Line, lineWidth, span, widthOf} from './text.ts';

/** The first line of every screen: which cluster this is, and which step of how many. */
export function headerLine({identity, screen}: WizardState, width: number): Line {
	const current = stepOf(screen);
	const index = wizardSteps.findIndex(step => step.name === current);
	const trail: Line = wizardSteps.flatMap((step, at) => [
		span(at === 0 ? '' : ` ${glyphs.between} `, 'dim'),
		span(step.title, at === index ? 'accent' : 'dim'),
	]);
	const short: Line = [span(`${index + 1}/${wizardSteps.length} ${wizardSteps[index]?.title ?? ''}`, 'accent')];
	const name = identity.practice ? 'practice cluster' : identity.name;
	// The cluster's name is what must never be missing; the trail gives way first.
	const right = widthOf(name) + lineWidth(trail) + 24 <= width ? trail : short;
	const title = width >= 100 ? 'calico-rr-wizard  ' : '';
	const room = width - lineWidth(right) - title.length - 2;
	const left: Line = [span(title, 'dim'), span(cut(name, Math.max(8, room)), 'strong')];
	const gap = ' '.repeat(Math.max(1, width - lineWidth(left) - lineWidth(right)));
	return [...left, span(gap), ...right];
}

/** The step that a screen belongs to. */
export function stepOf(screen: Screen): StepName {
	switch (screen.name) {
		case 'nodes':
		case 'reflectors':
		case 'preview':
		case 'apply':
		case 'done':
			return screen.name;
		case 'confirm':
			return 'apply';
		case 'peers':
		case 'doctor':
			return screen.from.name;
		case 'ended':
			return runScreenOf(screen) ? 'done' : 'nodes';
	}
}
