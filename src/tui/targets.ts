import {currentReflectors} from '../core/reflectors.ts';
import {sampleNode} from '../wizard/selectors.ts';
import {planOf, type WizardState} from '../wizard/state.ts';
import type {Area} from './body.ts';
import {canSee, shownNodes} from './screens/nodes.ts';

/** Nodes whose BIRD the screen shows now: only these are looked at, and none where the screen shows no sessions. */
export function watchTargets(state: WizardState, area: Area): readonly string[] {
	if (!state.data?.visibility || state.help) return [];
	return wanted(state, area).filter(name => canSee(state, name));
}

function wanted(state: WizardState, {height}: Area): readonly string[] {
	const {screen, looks} = state;
	switch (screen.name) {
		case 'nodes':
			return shownNodes(state, height, 'nodes');
		case 'peers':
			return screen.view === 'matrix' ? shownNodes(state, height, 'matrix') : [screen.node];
		case 'preview':
		case 'confirm': {
			// Before and after are shown with this node: its first look must be taken before anything is written.
			const plan = planOf(screen);
			const sample = plan ? sampleNode(plan) : undefined;
			return sample !== undefined && !looks.start.has(sample) ? [sample] : [];
		}
		case 'apply':
		case 'done': {
			const sample = sampleNode(screen.plan);
			const reflectors = currentReflectors(screen.run.snapshot);
			return [...new Set([...(sample === undefined ? [] : [sample]), ...reflectors])];
		}
		case 'reflectors':
		case 'doctor':
		case 'ended':
			return [];
	}
}
