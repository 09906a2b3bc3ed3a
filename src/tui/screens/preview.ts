import {refusals, type Verdict} from '../../apply/dry-run.ts';
import {countWrites, type DiffLine, writeDiff} from '../../core/diff.ts';
import {canaryCommands} from '../../core/plan/canary-step.ts';
import {checkText} from '../../core/plan/gate-scope.ts';
import {holdCommands} from '../../core/plan/hold-steps.ts';
import type {HoldStep, Plan, Step} from '../../core/plan/types.ts';
import {probeCommand} from '../../core/probe/scope.ts';
import {currentReflectors} from '../../core/reflectors.ts';
import type {Write} from '../../core/write.ts';
import {clamp, windowOf} from '../../wizard/list.ts';
import {count} from '../../wizard/numbers.ts';
import {preflightOf} from '../../wizard/preflight.ts';
import {lossOf} from '../../wizard/selectors.ts';
import {plannedSnapshot, totalSessions} from '../../wizard/session-math.ts';
import type {PreviewScreen, WizardState} from '../../wizard/state.ts';
import {type Area, type Body, fill, scrolled, still, type Tools} from '../body.ts';
import {glyphs} from '../glyphs.ts';
import {problemNote, section, visibilityNote, warningNote} from '../notes.ts';
import {preflightNote} from '../preflight-lines.ts';
import {barWidth, beside, chop, type Line, line, paragraph, span, widthOf, wrap} from '../text.ts';
import type {Style} from '../theme.ts';

/** From this width on the step's details stand beside the list of steps, below it otherwise. */
const wide = 90;

/** The plan before anything is written: steps, and all there is to know about the chosen one. */
export function previewBody(state: WizardState, screen: PreviewScreen, area: Area, tools: Tools): Body {
	const {plan, cursor, scroll, saved} = screen;
	const {width, height} = area;
	if (plan.steps.length === 0) return still(nothingLines(plan, width), area);
	const head = saved === 'no' ? [] : savedLines(saved, width);
	const room = Math.max(1, height - head.length);
	if (width >= wide) {
		const leftWidth = clamp(Math.floor(width * 0.34), 30, 52);
		const detail = detailLines(state, screen, width - leftWidth - barWidth, tools);
		const body = scrolled(detail, room, scroll);
		const steps = stepList(plan, cursor, {width: leftWidth, height: room});
		return {...body, lines: [...head, ...beside(steps, leftWidth, body.lines, room)]};
	}
	const listHeight = clamp(Math.floor(room / 3), 2, plan.steps.length + 1);
	const detailHeight = Math.max(1, room - listHeight - 1);
	const body = scrolled(detailLines(state, screen, width, tools), detailHeight, scroll);
	const rule = line(glyphs.rule.repeat(width), 'dim');
	const steps = stepList(plan, cursor, {width, height: listHeight}, true);
	return {...body, lines: fill([...head, ...steps, rule, ...body.lines], height)};
}

function nothingLines(plan: Plan, width: number): readonly Line[] {
	return [
		line('Nothing to do', 'strong'),
		...paragraph('The cluster is already as chosen: these nodes are its reflectors, and the mesh is off.', width),
		...plan.warnings.flatMap(each => warningNote(each, width)),
	];
}

function savedLines(saved: Exclude<PreviewScreen['saved'], 'no'>, width: number): readonly Line[] {
	if (saved === 'saving') return [line('Saving the plan …', 'accent')];
	if ('problem' in saved) return problemNote(saved.problem, width);
	return paragraph(`The plan is saved in ${saved.folder}`, width, 'plain', span(`${glyphs.done} `, 'good'));
}

/** The plan as a whole, then its steps; wrapped titles where there is room, one line each otherwise. */
function stepList(plan: Plan, cursor: number, {width, height}: Area, oneLine = false): readonly Line[] {
	const titles = ['The whole plan', ...plan.steps.map((step, index) => `${index + 1} ${step.title}`)];
	const blocks = titles.map((title, index) => {
		const isCurrent = index === cursor;
		const mark = span(isCurrent ? `${glyphs.cursor} ` : '  ', 'cursor');
		const style: Style = isCurrent ? 'cursor' : 'plain';
		return oneLine ? [[mark, span(title, style)]] : paragraph(title, width, style, mark);
	});
	// Windowed by lines, with the chosen step's first line in the middle.
	const lines = blocks.flat();
	const at = blocks.slice(0, cursor).reduce((sum, block) => sum + block.length, 0);
	const {start, end} = windowOf(at, lines.length, height);
	return lines.slice(start, end);
}

function detailLines(
	state: WizardState,
	{plan, cursor, trial}: PreviewScreen,
	width: number,
	tools: Tools,
): readonly Line[] {
	const step = plan.steps[cursor - 1];
	return step
		? stepLines(step, trial, width, tools)
		: [...planLines(state, plan, width, tools), ...trialLines(plan, trial, width)];
}

function planLines(state: WizardState, plan: Plan, width: number, {now}: Tools): readonly Line[] {
	const {create, patch, delete: deleted} = countWrites(plan);
	const planned = plannedSnapshot(plan);
	return [
		[span(`${create} to add, ${patch} to change, ${deleted} to delete`, 'strong')],
		...paragraph(
			`BGP sessions in this cluster: ${count(totalSessions(plan.original))} now, ${count(totalSessions(planned))} after.`,
			width,
		),
		...paragraph(`Route reflectors after: ${currentReflectors(planned).join(', ')}.`, width),
		...paragraph(lossOf(plan), width),
		...preflightNote(preflightOf(state, plan.choice), width, now),
		...plan.warnings.flatMap(each => warningNote(each, width)),
		...visibilityNote(state, width),
		...section('What happens'),
		...paragraph(
			'Each step makes its writes and then waits at its gate until the sessions it needs are Established. If a write or a gate fails, everything written so far is taken back by itself.',
			width,
		),
		...paragraph('Nothing is written before you confirm.', width),
		...(plan.probe ? [...section('Pings during the whole run'), ...hangingLines(probeCommand(plan.probe), width)] : []),
	];
}

function stepLines(step: Step, trial: PreviewScreen['trial'], width: number, tools: Tools): readonly Line[] {
	return [
		...paragraph(step.title, width, 'strong'),
		...section('Why'),
		...paragraph(step.why, width),
		...section('Effect on sessions'),
		...paragraph(step.effect.sessions, width),
		...section('Effect on traffic'),
		...paragraph(step.effect.traffic, width),
		...(step.check ? [...section('Before'), ...paragraph(checkText(step.check), width)] : []),
		...step.writes.flatMap(write => [
			...writeLines(write, width, tools),
			...(trial ? verdictLines(trial.verdicts.get(write), width) : []),
		]),
		...(step.canary
			? [...section(`Commands on ${step.canary.node}`), ...canaryCommands.flatMap(text => hangingLines(text, width))]
			: []),
		...(step.hold ? holdLines(step.hold, width) : []),
		...section('Gate'),
		...paragraph(gateText(step), width),
	];
}

function holdLines(hold: HoldStep, width: number): readonly Line[] {
	return [
		...section(`On ${hold.nodes.length} nodes`),
		...paragraph(hold.nodes.join(', '), width, 'dim'),
		...section('Commands on each node'),
		...holdCommands(hold).flatMap(text => hangingLines(text, width)),
	];
}

/** What the server says to the plan as a whole, which is only tried. */
function trialLines(plan: Plan, trial: PreviewScreen['trial'], width: number): readonly Line[] {
	if (!trial) return [];
	const refused = refusals(plan, trial.verdicts);
	if (refused.length > 0) {
		return [
			...section('Dry run'),
			...refused.flatMap(({step, write: {verb, kind, name}, verdict}) =>
				problemNote({...verdict, message: `Step ${step}, ${verb} ${kind} ${name}: ${verdict.message}`}, width),
			),
		];
	}
	const accepted = [...trial.verdicts.values()].filter(({state}) => state === 'accepted').length;
	const {create, patch, delete: deleted} = countWrites(plan);
	const asked = trial.isEnd
		? `The server accepts ${accepted} of ${create + patch + deleted} writes, tried and not made.`
		: '';
	return [...section('Dry run'), ...paragraph(asked || 'Asking the server what it says to each write …', width)];
}

/** What the server says to a write that is only tried. */
function verdictLines(verdict: Verdict | undefined, width: number): readonly Line[] {
	switch (verdict?.state) {
		case undefined:
			return [line('asking the server …', 'dim')];
		case 'accepted':
			return [[span(`${glyphs.done} `, 'good'), span('server accepts')]];
		case 'unasked':
			return paragraph(`server not asked: ${verdict.reason}`, width, 'dim');
		case 'refused':
			return problemNote({...verdict, message: `server refuses: ${verdict.message}`}, width);
	}
}

const verbs = {create: 'Create', patch: 'Change', delete: 'Delete'} as const;

function writeLines(write: Write, width: number, {commandLine}: Tools): readonly Line[] {
	return [
		...section(`${verbs[write.verb]} ${write.kind} ${write.name}`),
		...writeDiff(write).flatMap(each => diffLines(each, width)),
		...section('Command'),
		...hangingLines(commandLine(write), width),
	];
}

const signs = {same: ' ', added: '+', removed: '-', gap: ' '} as const;
const diffStyles = {same: 'dim', added: 'added', removed: 'removed', gap: 'dim'} as const satisfies Record<
	DiffLine['kind'],
	Style
>;

/** The sign stands on every piece of a line that is too long, so that none is taken for an unchanged one. */
function diffLines({kind, text}: DiffLine, width: number): readonly Line[] {
	return chop(text, width - 2).map(piece => [span(`${signs[kind]} ${piece}`, diffStyles[kind])]);
}

/** A command broken between its words, so that it can be read; further lines are indented. */
function hangingLines(text: string, width: number): readonly Line[] {
	return wrap(text, width - 4).map((each, index) => [span(index === 0 ? '$ ' : '    ', 'dim'), span(each)]);
}

function gateText({gate}: Step): string {
	if (!gate) return 'None: this step can change no session.';
	const names = gate.nodes.join(', ');
	const nodes = widthOf(names) > 160 ? `${gate.nodes.length} nodes` : names;
	const routes = gate.routes ? ', and every block of pod addresses in their kernel tables' : '';
	const about = gate.about === undefined ? '' : ` (on the others just about ${gate.about})`;
	return `Waits until every predicted session is Established on ${nodes}${about}${routes}.`;
}
