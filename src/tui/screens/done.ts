import type {RunScreen, WizardState} from '../../wizard/state.ts';
import {runSummary, type SummaryPart} from '../../wizard/summary.ts';
import {type Area, type Body, scrolled} from '../body.ts';
import {blank, type Line, line, paragraph, span} from '../text.ts';
import type {Style} from '../theme.ts';

const partStyles: Readonly<Record<SummaryPart['kind'], Style>> = {
	headline: 'strong',
	text: 'plain',
	table: 'plain',
	problem: 'warn',
};

/** What changed, where the journal is and how to go back: the words that are printed after leaving too. */
export function doneBody({looks}: WizardState, screen: RunScreen, {width, height}: Area): Body {
	const lines = runSummary(screen, looks).flatMap(part => [...partLines(part, width), blank]);
	return scrolled(lines.slice(0, -1), height, screen.scroll);
}

function partLines({kind, heading, lines}: SummaryPart, width: number): readonly Line[] {
	const style = partStyles[kind];
	return [
		...(heading === undefined ? [] : [line(heading, 'strong')]),
		// A table that wraps cannot be read; anything else can.
		...lines.flatMap(each => (kind === 'table' ? [line(each, style)] : indented(each, width, style))),
	];
}

function indented(text: string, width: number, style: Style): readonly Line[] {
	const indent = text.length - text.trimStart().length;
	return paragraph(text.slice(indent), width, style, span(text.slice(0, indent)));
}
