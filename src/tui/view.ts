import {currentPeering} from '../wizard/selectors.ts';
import type {WizardState} from '../wizard/state.ts';
import {type Area, type Body, still, type Tools} from './body.ts';
import {helpLines} from './key-hints.ts';
import {applyBody} from './screens/apply.ts';
import {confirmBody} from './screens/confirm.ts';
import {doctorBody} from './screens/doctor.ts';
import {doneBody} from './screens/done.ts';
import {matrixBody} from './screens/matrix.ts';
import {nodesBody} from './screens/nodes.ts';
import {peersBody} from './screens/peers.ts';
import {previewBody} from './screens/preview.ts';
import {reflectorsBody} from './screens/reflectors.ts';
import type {Size} from './use-terminal-size.ts';

/** Below this the screens cannot be drawn. */
export const smallest: Size = {columns: 60, rows: 16};

/** Rows around the body: header, what needs saying, key hints, and the last row, which Ink must not touch. */
const around = 4;
/** From this height on a rule sets the header off. */
const tall = 20;

export function hasRule({rows}: Size): boolean {
	return rows >= tall;
}

/** The room that a terminal of that size leaves for a screen's body. */
export function bodyArea(size: Size): Area {
	return {width: size.columns, height: Math.max(1, size.rows - around - (hasRule(size) ? 1 : 0))};
}

/** What stands between header and footer now. Pure: the same state and size give the same lines. */
export function bodyOf(state: WizardState, area: Area, tools: Tools): Body {
	if (state.help) return still(helpLines(state, area.width, area.height), area);
	const {screen} = state;
	switch (screen.name) {
		case 'nodes':
			return nodesBody(state, area, tools);
		case 'reflectors':
			return reflectorsBody(state, screen, area);
		case 'preview':
			return previewBody(state, screen, area, tools);
		case 'confirm':
			return confirmBody(state, screen, area, tools);
		case 'apply':
			return applyBody(state, screen, area, tools);
		case 'done':
			return doneBody(state, screen, area);
		case 'peers': {
			const peering = currentPeering(state);
			return screen.view === 'matrix' && peering ? matrixBody(state, peering, area) : peersBody(state, screen, area);
		}
		case 'doctor':
			return doctorBody(state, screen, area, tools);
		case 'ended':
			return still([], area);
		default:
			return screen satisfies never;
	}
}
