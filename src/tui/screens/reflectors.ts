import {adviseChoice} from '../../core/advice.ts';
import type {Candidate} from '../../core/candidates.ts';
import {choiceOf} from '../../wizard/answers.ts';
import {clamp, windowOf} from '../../wizard/list.ts';
import {count} from '../../wizard/numbers.ts';
import {outlookOf} from '../../wizard/outlook.ts';
import {visibleCandidates} from '../../wizard/selectors.ts';
import {meshSessions, reflectorSessions} from '../../wizard/session-math.ts';
import type {ClusterData, ReflectorsScreen, WizardState} from '../../wizard/state.ts';
import {reflectorsQuestion} from '../../wizard/steps.ts';
import {type Area, type Body, fill, still} from '../body.ts';
import {filterLine} from '../filter-line.ts';
import {warningNote} from '../notes.ts';
import {type Column, headingLine, placeColumns, rowLine} from '../table.ts';
import {barWidth, beside, blank, type Line, line, paragraph, span} from '../text.ts';

/** From this width on the facts stand beside the list, below it otherwise. */
const wide = 100;
/** From this height of the list on the question itself stands above it. */
const roomy = 14;

/** Which nodes become reflectors, and what comes of it. */
export function reflectorsBody(state: WizardState, screen: ReflectorsScreen, area: Area): Body {
	const {data} = state;
	if (!data) return still([], area);
	const {width, height} = area;
	if (width >= wide) {
		const leftWidth = Math.floor((width - barWidth) * 0.5);
		const {lines, page} = candidateList(state, {width: leftWidth, height});
		const facts = factLines(state, screen, data, width - leftWidth - barWidth);
		return {lines: beside(lines, leftWidth, facts, height), page, scrollLimit: 0};
	}
	const facts = factLines(state, screen, data, width);
	// The list keeps at least three rows and its heading; of the facts the first lines matter most.
	const listHeight = clamp(height - facts.length - 1, Math.min(4, height), visibleCandidates(state).length + 4);
	const {lines, page} = candidateList(state, {width, height: listHeight});
	return {lines: fill([...lines, blank, ...facts], height), page, scrollLimit: 0};
}

function candidateList(
	state: WizardState,
	{width, height}: Area,
): {readonly lines: readonly Line[]; readonly page: number} {
	const candidates = visibleCandidates(state);
	const list = state.lists.reflectors;
	const head = [...(height >= roomy ? [line(reflectorsQuestion.text, 'strong'), blank] : []), ...filterLine(list)];
	const page = Math.max(1, height - head.length - 1);
	const cursor = clamp(list.cursor, 0, Math.max(0, candidates.length - 1));
	const {start, end} = windowOf(cursor, candidates.length, page);
	const shown = candidates.slice(start, end);
	const placed = placeColumns(candidateColumns(state), candidates.length > 500 ? shown : candidates, width);
	const rows = shown.map((candidate, index) => rowLine(placed, candidate, start + index === cursor));
	const empty = candidates.length === 0 ? [line('  No node matches.', 'dim')] : [];
	return {lines: fill([...head, headingLine(placed), ...rows, ...empty], height), page};
}

const zoneColumn: Column<Candidate> = {
	title: 'ZONE',
	priority: 3,
	shrinkTo: 6,
	cell: ({zone}) => span(zone ?? '-', 'dim'),
};
const whyColumn: Column<Candidate> = {title: 'WHY', priority: 2, shrinkTo: 12, cell: candidate => whySpan(candidate)};

function candidateColumns(state: WizardState): readonly Column<Candidate>[] {
	const chosen = new Set(state.answers.reflectors);
	const all = visibleCandidates(state);
	return [
		{
			title: 'NODE',
			priority: 1,
			shrinkTo: 28,
			cell: ({name}) => (chosen.has(name) ? span(`[x] ${name}`, 'strong') : span(`[ ] ${name}`)),
		},
		...(all.some(({zone}) => zone !== null) ? [zoneColumn] : []),
		...(all.some(candidate => whyText(candidate) !== '') ? [whyColumn] : []),
	];
}

function whySpan(candidate: Candidate) {
	return span(whyText(candidate), candidate.eligible ? 'dim' : 'warn');
}

/** The reasons in one line, but for the zone, which has its own column. */
function whyText({reasons, zone}: Candidate): string {
	return reasons
		.filter(reason => reason.text !== `zone ${zone}`)
		.map(reason => (reason.good ? reason.text : `but ${reason.text}`))
		.join(', ');
}

function factLines(state: WizardState, screen: ReflectorsScreen, data: ClusterData, width: number): readonly Line[] {
	const {answers} = state;
	const chosen = answers.reflectors ?? [];
	const nodes = data.snapshot.nodes.length;
	const outlook = outlookOf(data, choiceOf(answers));
	const now = data.totals.sessions + data.totals.external;
	const at = (size: number): string =>
		`${count(meshSessions(size))} to ${count(reflectorSessions(size, chosen.length))}`;
	return [
		...paragraph(
			chosen.length === 0 ? 'none yet' : `${count(chosen.length)} of ${count(nodes)}: ${chosen.join(', ')}`,
			width,
			'strong',
			span(label('Chosen'), 'dim'),
		),
		[
			span(label('Sessions'), 'dim'),
			span(outlook === null ? `${count(now)} now` : `${count(now)} to ${count(outlook)}`, 'strong'),
			span(outlook === null ? '' : ' here'),
		],
		...(chosen.length === 0
			? []
			: paragraph(`at 100: ${at(100)}; at 1,000: ${at(1000)}`, width, 'plain', span(label('')))),
		clusterIdLine(state, screen),
		...canaryLines(answers.canary, width),
		...adviceLines(data, chosen, width),
		...cursorLines(state, width),
	];
}

const labelWidth = 12;

function label(text: string): string {
	return text.padEnd(labelWidth);
}

function clusterIdLine({answers, preset}: WizardState, {typing}: ReflectorsScreen): Line {
	const head = span(label('Cluster ID'), 'dim');
	if (typing !== null) return [head, span(typing, 'strong'), span('_', 'accent')];
	const fixed = preset.clusterId ? ' (--cluster-id)' : '';
	return answers.clusterIdMode === 'shared'
		? [head, span(answers.clusterId, 'strong'), span(` for all of them${fixed}`)]
		: [head, span('one for each', 'strong'), span(`: its own address${fixed}`)];
}

function canaryLines(canary: string | undefined, width: number): readonly Line[] {
	if (canary === undefined) return [];
	const text = `${canary}: does without the mesh for a moment before all do`;
	return paragraph(text, width, 'plain', span(label('Canary'), 'dim'));
}

function adviceLines(data: ClusterData, chosen: readonly string[], width: number): readonly Line[] {
	return adviseChoice(data.snapshot, chosen).flatMap(({level, text}) =>
		level === 'note' ? paragraph(text, width, 'dim') : warningNote(text, width),
	);
}

/** Why the node under the cursor stands where it stands. */
function cursorLines(state: WizardState, width: number): readonly Line[] {
	const candidate = visibleCandidates(state)[state.lists.reflectors.cursor];
	if (!candidate) return [];
	return [
		blank,
		[span(candidate.name, 'accent'), span(candidate.eligible ? '' : ' cannot be a reflector', 'warn')],
		...candidate.reasons.flatMap(({good, text}) =>
			paragraph(text, width, 'plain', span(good ? '+ ' : '- ', good ? 'good' : 'warn')),
		),
		...(candidate.reasons.length === 0 ? [line('Nothing speaks for or against it.', 'dim')] : []),
	];
}
