import type {Problem, WizardState} from '../wizard/state.ts';
import {glyphs} from './glyphs.ts';
import {blank, type Line, paragraph, span, wrap} from './text.ts';

/** A problem: our sentence, the tool's own words, what to do next. */
export function problemNote({message, words, next}: Problem, width: number): readonly Line[] {
	return [
		...paragraph(message, width, 'bad', span(`${glyphs.failed} `, 'bad')),
		...words
			.split('\n')
			.filter(each => each.trim() !== '')
			.flatMap(each => wrap(each, width - 4).map(part => [span(`  ${glyphs.bar} `, 'dim'), span(part)])),
		...next.flatMap(each => paragraph(each, width, 'plain', span('  '))),
	];
}

/** Something to look out for. */
export function warningNote(text: string, width: number): readonly Line[] {
	return paragraph(text, width, 'warn', span('! ', 'warn'));
}

/** Which nodes' BIRD can be looked at; nothing where all can. */
export function visibilityNote({data}: WizardState, width: number): readonly Line[] {
	const visibility = data?.visibility;
	if (!visibility) return [];
	if (visibility.nodes === 'all') return paragraph(`Gates see every node: ${visibility.source}.`, width);
	const nodes = visibility.nodes.length === 0 ? 'no node' : `only ${visibility.nodes.join(', ')}`;
	return warningNote(`Gates see ${nodes}: ${visibility.source}. ${visibility.reason}`, width);
}

/** A heading with a blank line before it. */
export function section(title: string): readonly Line[] {
	return [blank, [span(title, 'strong')]];
}
