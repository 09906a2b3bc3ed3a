import type {OpenLab} from '../../lab/screen/state.ts';
import {instructions} from '../../lab/text.ts';
import {topologyLines} from '../../lab/topology.ts';
import type {LabLook} from '../../lab/types.ts';
import {formatWait} from '../../wizard/durations.ts';
import {type Area, type Body, scrolled} from '../body.ts';
import {warningNote} from '../notes.ts';
import {sessionLines} from '../peer-lines.ts';
import {barWidth, beside, blank, type Line, line, paragraph, span} from '../text.ts';

/** From this width on text and cluster stand side by side. */
const wide = 120;
/** What the text of a lab is wrapped to; a wider line is no easier to read. */
const textWidth = 78;

/** A lab: what to do, beside the cluster as it is now. */
export function labBody(open: OpenLab, {width, height}: Area, now: number): Body {
	const head = [...busyLines(open, now), ...(open.problem === null ? [] : warningNote(open.problem, width))];
	const room = Math.max(1, height - head.length);
	if (width < wide) {
		const lines = open.pane === 'text' ? textLines(open, width) : clusterLines(open, width);
		const body = scrolled(lines, room, open.scroll);
		return {...body, lines: [...head, ...body.lines]};
	}
	const left = Math.min(textWidth + 2, Math.floor(width / 2));
	const body = scrolled(textLines(open, left), room, open.scroll);
	const cluster = clusterLines(open, width - left - barWidth);
	return {...body, lines: [...head, ...beside(body.lines, left, cluster, room)]};
}

function busyLines({busy}: OpenLab, now: number): readonly Line[] {
	return busy ? [line(`${busy.what} … ${formatWait(now - busy.since)}`, 'accent')] : [];
}

function textLines({lab, told}: OpenLab, width: number): readonly Line[] {
	const text = told.kind === 'said' ? told.text : instructions(lab, Math.min(width, textWidth));
	return text
		.trimEnd()
		.split('\n')
		.flatMap(each => (each === '' ? [blank] : paragraph(each.trimStart(), width, 'plain', span(indentOf(each)))));
}

function indentOf(text: string): string {
	return text.slice(0, text.length - text.trimStart().length);
}

function clusterLines({look, node}: OpenLab, width: number): readonly Line[] {
	if (!look) return [line('not looked at yet', 'dim')];
	const name = look.nodes[node] ?? look.nodes[0] ?? '';
	return [
		...topologyLines(look).flatMap(each => paragraph(each.trimStart(), width, styleOf(each), span(indentOf(each)))),
		blank,
		...peerLines(look, name, width),
	];
}

/** Missing routes are what a learner must not overlook. */
function styleOf(text: string) {
	return text.startsWith('×') || text.includes('do not reach') ? 'warn' : 'plain';
}

function peerLines(look: LabLook, node: string, width: number): readonly Line[] {
	const heading: Line = [span('Peers of '), span(node, 'accent')];
	if (!look.alive.includes(node)) return [heading, line('Its BIRD does not answer.', 'warn')];
	const sessions = look.sessions(node);
	return [heading, ...sessionLines(sessions, 4, width), ...sessionLines(sessions, 6, width)];
}
