import type {Progress} from '../../lab/progress.ts';
import {mostPoints} from '../../lab/score.ts';
import type {LabScreenState} from '../../lab/screen/state.ts';
import type {Lab} from '../../lab/types.ts';
import {clamp, windowOf} from '../../wizard/list.ts';
import {type Area, type Body, fill} from '../body.ts';
import {glyphs} from '../glyphs.ts';
import {type Column, headingLine, placeColumns, rowLine} from '../table.ts';
import {blank, type Line, line, paragraph, span} from '../text.ts';

/** All labs: title, time, and the points of those that are solved; below it the goal of the one under the cursor. */
export function listBody({labs, progress, cursor}: LabScreenState, {width, height}: Area): Body {
	const solved = labs.filter(({name}) => progress.has(name)).length;
	const minutes = labs.filter(({name}) => !progress.has(name)).reduce((sum, lab) => sum + lab.minutes, 0);
	const left = solved === labs.length ? 'all done' : `${minutes} minutes to go`;
	const head: readonly Line[] = [[span(`${solved} of ${labs.length} solved`, 'strong'), span(`, ${left}`)], blank];
	const current = labs[clamp(cursor, 0, Math.max(0, labs.length - 1))];
	const goal = current ? [blank, ...paragraph(current.goal, width, 'dim')] : [];
	const room = Math.max(1, height - head.length - 1 - goal.length);
	const {start, end} = windowOf(cursor, labs.length, room);
	const placed = placeColumns(columnsFor(progress), labs, width);
	const rows = labs.slice(start, end).map((lab, index) => rowLine(placed, lab, start + index === cursor));
	return {lines: fill([...head, headingLine(placed), ...rows, ...goal], height), page: room, scrollLimit: 0};
}

function columnsFor(progress: Progress): readonly Column<Lab>[] {
	return [
		{title: '', priority: 2, align: 'right', cell: ({order}) => span(String(order), 'dim')},
		{title: 'LAB', priority: 1, shrinkTo: 30, cell: ({title}) => span(title)},
		{title: 'TIME', priority: 3, align: 'right', cell: ({minutes}) => span(`${minutes} min`, 'dim')},
		{title: 'POINTS', priority: 1, align: 'right', cell: ({name}) => pointsCell(progress, name)},
	];
}

function pointsCell(progress: Progress, name: string) {
	const record = progress.get(name);
	return record ? span(`${glyphs.done} ${record.points}/${mostPoints}`, 'good') : span('-', 'dim');
}

/** What is said where no lab is there. */
export const noLabs: readonly Line[] = [line('There is no lab here.', 'warn')];
