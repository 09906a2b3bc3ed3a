import type {Waiting} from '../../core/gates.ts';
import {formatDuration, formatWait} from '../../wizard/durations.ts';
import {clamp} from '../../wizard/list.ts';
import {count} from '../../wizard/numbers.ts';
import type {GateView, StepView, WriteView} from '../../wizard/run-view.ts';
import {sampleNode} from '../../wizard/selectors.ts';
import type {RunScreen, WizardState} from '../../wizard/state.ts';
import {type Area, type Body, fill, type Tools} from '../body.ts';
import {glyphs} from '../glyphs.ts';
import {problemNote, warningNote} from '../notes.ts';
import {peerLines} from '../peer-lines.ts';
import {barWidth, beside, blank, cut, fitLine, type Line, line, lineWidth, paragraph, span} from '../text.ts';
import type {Style} from '../theme.ts';

/** From this width on a node's peers change live beside the steps. */
const wide = 120;
/** From this height on they do below the steps, on this many lines: five nodes' worth of peers, and both families. */
const tall = 22;
const peersHeight = 7;
/** Columns of calicoctl's table with addresses and states of the usual length. */
const peersWidth = 58;

/** The run under way: its steps, and where there is room one node's peers as they change. */
export function applyBody(state: WizardState, screen: RunScreen, area: Area, given: Tools): Body {
	// Events come between two ticks of the screen's own clock.
	const tools = {...given, now: Math.max(given.now, screen.run.latest)};
	const {width, height} = area;
	if (width >= wide) {
		const rightWidth = clamp(Math.floor(width * 0.42), peersWidth, 72);
		const leftWidth = width - barWidth - rightWidth;
		const body = stepsBody(state, screen, {width: leftWidth, height}, tools);
		const [now, before] = samplePeers(state, screen, rightWidth);
		return {...body, lines: beside(body.lines, leftWidth, [...now, blank, ...before], height)};
	}
	if (height < tall) return stepsBody(state, screen, area, tools);
	const [now] = samplePeers(state, screen, width);
	const body = stepsBody(state, screen, {width, height: height - peersHeight - 1}, tools);
	const rule = line(glyphs.rule.repeat(width), 'dim');
	return {...body, lines: [...body.lines, rule, ...fill(now, peersHeight)]};
}

/** Every step, what its gate waits for, and the way back where there is one. */
function stepsBody(state: WizardState, screen: RunScreen, {width, height}: Area, tools: Tools): Body {
	const head = headLines(state, screen, width, tools);
	const room = Math.max(1, height - head.length);
	const {lines: steps, active, first} = stepLines(screen, width, room, tools);
	// What happens stays in sight, its heading first of all; scrolling up from there is the user's.
	const follow = clamp(Math.min(active - room + 3, first), 0, Math.max(0, steps.length - room));
	const start = Math.max(0, follow - screen.scroll);
	return {lines: fill([...head, ...steps.slice(start, start + room)], height), page: room, scrollLimit: follow};
}

function headLines(state: WizardState, {run}: RunScreen, width: number, {now}: Tools): readonly Line[] {
	const {ended, startedAt, turned, interrupts} = run;
	const time = startedAt === null ? '' : formatWait((ended?.at ?? now) - startedAt);
	const [text, style] = headline(state, run);
	const words = span(text, style);
	const room = Math.max(1, width - lineWidth([words]) - time.length);
	const leaving = state.leaving !== null && !ended;
	return [
		[words, span(' '.repeat(room)), span(time, 'dim')],
		...probeLines(run, width),
		...(interrupts === 1 && !ended
			? warningNote(
					turned
						? `${leaving ? 'Leaves when the way back has ended. ' : ''}Ctrl+C again stops at once and leaves things as they are then.`
						: 'Stopping: the write under way is finished, then everything is taken back.',
					width,
				)
			: []),
		...(interrupts === 2 && !ended ? warningNote('Stopping at once.', width) : []),
	];
}

/** The pings beside the run; what they came to in the end stands on the last screen. */
function probeLines({probe}: RunScreen['run'], width: number): readonly Line[] {
	if (!probe) return [];
	const {pairs, of, milliseconds, unmeasured} = probe;
	const lost = milliseconds === 0 ? 'none lost so far' : `${count(milliseconds)} ms lost so far`;
	const others = unmeasured === 0 ? '' : `, ${count(unmeasured)} not measured`;
	const text = `Pings between ${count(pairs)} of ${count(of)} pairs: ${lost}${others}`;
	return [line(cut(text, width), milliseconds === 0 ? 'dim' : 'warn')];
}

function headline({identity}: WizardState, {ended, turned}: RunScreen['run']): readonly [string, Style] {
	if (!ended) return turned ? ['Going back', 'warn'] : [`Applying to ${identity.name}`, 'strong'];
	switch (ended.outcome) {
		case 'done':
			return [`${glyphs.done} Done`, 'good'];
		case 'nothing-to-do':
			return [`${glyphs.done} Nothing to do`, 'good'];
		case 'not-started':
			return [`${glyphs.failed} Nothing was written`, 'warn'];
		case 'went-back':
			return [`${glyphs.done} Gone back: the cluster is as it was`, 'warn'];
		case 'left':
			return [`${glyphs.failed} Not everything could be taken back`, 'bad'];
		case 'stopped':
			return [`${glyphs.failed} Stopped`, 'bad'];
	}
}

/** All steps as lines, and the indexes of the first and last line of what happens now. */
function stepLines(
	{run}: RunScreen,
	width: number,
	room: number,
	tools: Tools,
): {readonly lines: readonly Line[]; readonly first: number; readonly active: number} {
	const lines: Line[] = [];
	let first = 0;
	let active = 0;
	const add = (more: readonly Line[], isActive: boolean): void => {
		if (isActive) first = lines.length;
		lines.push(...more);
		if (isActive) active = lines.length - 1;
	};
	const addStep = (step: StepView): void => {
		add(oneStep(step, width, room, tools), step.state === 'running' || step.state === 'done');
	};
	run.forward.forEach(addStep);
	if (run.failures.length > 0) add([blank], false);
	for (const failure of run.failures) add(problemNote(failure, width), true);
	if (run.back.length > 0) {
		add(
			[blank, line(run.turned === 'interrupt' ? 'Taken back, as you asked' : 'Taken back by itself', 'strong')],
			true,
		);
		run.back.forEach(addStep);
	}
	for (const notice of run.notices.slice(-3)) add(warningNote(notice, width), true);
	for (const {kind, name, reason} of run.ended?.left ?? []) {
		add(paragraph(`Left: ${kind} ${name}: ${reason}`, width, 'bad', span(`${glyphs.failed} `, 'bad')), true);
	}
	return {lines, first, active};
}

const stepMarks: Readonly<Record<StepView['state'], readonly [string, Style]>> = {
	waiting: [glyphs.waiting, 'dim'],
	running: [glyphs.running, 'accent'],
	done: [glyphs.done, 'good'],
	failed: [glyphs.failed, 'bad'],
	stopped: [glyphs.failed, 'warn'],
	skipped: [glyphs.skipped, 'dim'],
};

/** Room for the longest time, `10 m 05 s`, and a blank before it. */
const timeWidth = 10;

/** Widest state word, so that titles stand below each other. */
const wordWidth = 'waiting'.length;

function oneStep(step: StepView, width: number, room: number, {now}: Tools): readonly Line[] {
	const {state, title, startedAt, elapsed} = step;
	const [mark, style] = stepMarks[state];
	const time =
		state === 'running' && startedAt !== null
			? formatWait(now - startedAt)
			: elapsed === null
				? ''
				: formatDuration(elapsed);
	const titleStyle: Style =
		state === 'running' ? 'strong' : state === 'waiting' || state === 'skipped' ? 'dim' : 'plain';
	const head = [span(`${mark} ${state.padEnd(wordWidth)} `, style), span(title, titleStyle)];
	const first = time === '' ? head : [...fitLine(head, width - timeWidth), span(time.padStart(timeWidth), 'dim')];
	const isOpen = state === 'running' || state === 'failed';
	return isOpen
		? [first, ...step.writes.map(writeLine), ...heldLines(step), ...gateLines(step.gate, width, room)]
		: [first];
}

function heldLines({held}: StepView): readonly Line[] {
	return held ? [line(`    ${count(held.routes)} routes on ${count(held.nodes)} nodes so far`, 'accent')] : [];
}

const writeWords: Readonly<Record<WriteView['state'], readonly [string, Style]>> = {
	started: ['is being written', 'accent'],
	done: ['written', 'good'],
	'already-so': ['was so already', 'good'],
	unknown: ['outcome unknown: reading it back', 'warn'],
	failed: ['failed', 'bad'],
};

function writeLine({verb, kind, name, state}: WriteView): Line {
	const [word, style] = writeWords[state];
	return [span(`    ${verb} ${kind} ${name}: `), span(word, style)];
}

/** How many of the things a gate waits for are named, so that the steps stay in sight; the rest is counted. */
function namedWaits(room: number): number {
	return clamp(Math.floor(room / 4) - 1, 2, 8);
}

function gateLines(gate: GateView | null, width: number, room: number): readonly Line[] {
	if (!gate || gate.state === 'met') return [];
	const {established, expected, elapsed, waiting} = gate;
	const rest = waiting.length - namedWaits(room);
	return [
		[
			span(
				`    gate: ${count(established)} of ${count(expected)} session ends Established`,
				gate.state === 'failed' ? 'bad' : 'accent',
			),
			span(`, ${formatWait(elapsed)} so far`, 'dim'),
		],
		// The first in full, since the reason is what helps; the others most often wait for the same thing.
		...waiting.slice(0, 1).flatMap(each => paragraph(waitText(each), width, 'plain', span('      '))),
		...waiting.slice(1, namedWaits(room)).map(each => line(cut(`      ${waitText(each)}`, width), 'dim')),
		...(waiting.length === 0 ? [line('      all as predicted: looking once more whether it stays so', 'dim')] : []),
		...(rest > 0 ? [line(`      and ${count(rest)} more`, 'dim')] : []),
	];
}

function waitText({node, what, reason}: Waiting): string {
	return `${node} ${what}: ${reason}`;
}

/** The peers of a node that stays no reflector: as they are now, and as they were. */
function samplePeers(
	state: WizardState,
	{plan}: RunScreen,
	width: number,
): readonly [now: readonly Line[], before: readonly Line[]] {
	const node = sampleNode(plan);
	if (node === undefined) return [[], []];
	const {now, start} = state.looks;
	return [
		peerLines({title: `${node} now`, look: now.get(node), state, node, width}),
		peerLines({title: `${node} before`, look: start.get(node), state, node, width}),
	];
}
