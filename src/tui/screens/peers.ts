import type {PeersScreen, WizardState} from '../../wizard/state.ts';
import {runScreenOf} from '../../wizard/state.ts';
import {type Area, type Body, scrolled} from '../body.ts';
import {peerLines} from '../peer-lines.ts';
import {barWidth, beside, blank, type Line, span} from '../text.ts';

/** From this width on before stands beside now. */
const wide = 120;

/** One node's peers: before, kept from the first look, and now. */
export function peersBody(state: WizardState, screen: PeersScreen, area: Area): Body {
	const {node, against, scroll} = screen;
	const {width, height} = area;
	const {looks} = state;
	const kept = against === 'mesh-off' && looks.meshOff ? looks.meshOff : looks.start;
	const when = kept === looks.start ? 'before, at the first look' : 'before the mesh went off';
	const head: readonly Line[] = [[span('Node '), span(node, 'accent'), span(roleText(state, node), 'dim')], blank];
	const room = Math.max(1, height - head.length);
	const half = width >= wide ? Math.floor((width - barWidth) / 2) : width;
	const table = (title: string, look: ReturnType<typeof kept.get>, tableWidth: number): readonly Line[] =>
		peerLines({title, look, state, node, width: tableWidth});
	const now = table('now', looks.now.get(node), width >= wide ? width - half - barWidth : width);
	const hasRun = runScreenOf(state.screen) !== null;
	if (!hasRun) return withHead(head, scrolled(now, room, scroll));
	const before = table(when, kept.get(node), half);
	if (width < wide) return withHead(head, scrolled([...now, blank, ...before], room, scroll));
	const lines = beside(before, half, now, Math.max(before.length, now.length, room));
	return withHead(head, scrolled(lines, room, scroll));
}

function withHead(head: readonly Line[], body: Body): Body {
	return {...body, lines: [...head, ...body.lines]};
}

function roleText({data}: WizardState, node: string): string {
	const row = data?.rows.find(each => each.name === node);
	return row ? `  ${row.address}, AS ${row.as}` : '';
}
