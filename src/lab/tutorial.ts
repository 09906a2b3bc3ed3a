import {create, reflectorLabel} from './prepare.ts';
import type {LabCheck, LabControl} from './types.ts';

/** The cluster ID that the reflectors of the tutorial "Calico the hard way" share. */
export const sharedClusterId = '224.0.0.1';

/** The tutorial's two BGPPeers, word by word. */
export const tutorialPeers = [
	{name: 'peer-to-rrs', nodeSelector: `!has(${reflectorLabel})`, peerSelector: `has(${reflectorLabel})`},
	{name: 'rrs-to-rrs', nodeSelector: `has(${reflectorLabel})`, peerSelector: `has(${reflectorLabel})`},
] as const;

/**
 * Seconds after a write in which confd on every node has taken it over: it takes some 0.1 s. Without them, how far it got
 * before the next write would hang on the speed of this machine, and with it the order of BIRD's sessions.
 */
export const settling = 1;

/** Creates BGPConfiguration `default` as the tutorial does, and lets BIRD take it over. */
export async function turnMeshOff(control: LabControl): Promise<void> {
	await create(control, 'BGPConfiguration', {name: 'default'}, {asNumber: 64512, nodeToNodeMeshEnabled: false});
	await control.wait(5);
}

/** What most labs end with. */
export const everyPairReaches: LabCheck = {
	text: 'Pods of every two nodes reach each other.',
	judge: look => {
		const pairs = look.unreachable();
		const [first] = pairs;
		if (!first) return null;
		const more = pairs.length > 1 ? ` and ${pairs.length - 1} more` : '';
		return `Pods of ${first.join(' and ')}${more} do not reach each other.`;
	},
};
