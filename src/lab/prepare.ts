import {writeCommand} from '../cluster/calicoctl/commands.ts';
import {defaultChoice, makePlan} from '../core/plan/make.ts';
import type {RunStamp} from '../core/plan/types.ts';
import {apiVersion, type Kind, type Metadata, type ResourceOf} from '../core/resources.ts';
import type {LabControl} from './types.ts';

/** The tutorial's nodes by the last part of their addresses, which the texts of the labs go by too. */
export const tutorialNodes = {
	n217: 'ip-172-31-40-217',
	n30: 'ip-172-31-40-30',
	n29: 'ip-172-31-45-29',
	n123: 'ip-172-31-37-123',
	n47: 'ip-172-31-42-47',
} as const;

/** The label that marks a reflector in the tutorial, and with this program. */
export const reflectorLabel = defaultChoice.label;

/** Creates a resource. */
export async function create<K extends 'BGPPeer' | 'BGPConfiguration'>(
	control: LabControl,
	kind: K,
	metadata: Metadata,
	spec: ResourceOf[K]['spec'],
): Promise<void> {
	await control.calicoctl(['create', '-f', '-'], JSON.stringify({apiVersion, kind, metadata, spec}));
}

export type Migration = {
	readonly reflectors: readonly string[];
	/** Leaves the mesh on: everything but the last write. */
	readonly keepMesh?: boolean;
	/** What the run is called in the note that it leaves on its BGPPeers; absent: it leaves none. */
	readonly stamp?: RunStamp;
};

/** Does what `apply` does, with the same writes and without its gates, and lets BGP settle. */
export async function migrate(control: LabControl, {reflectors, keepMesh = false, stamp}: Migration): Promise<void> {
	const snapshot = {
		nodes: await readAll(control, 'Node'),
		bgpPeers: await readAll(control, 'BGPPeer'),
		bgpConfigurations: await readAll(control, 'BGPConfiguration'),
		ipPools: await readAll(control, 'IPPool'),
	};
	const {steps} = makePlan(snapshot, {...defaultChoice, reflectors, ...(stamp && {stamp})});
	for (const {writes} of steps) {
		for (const write of writes) {
			if (keepMesh && write.kind === 'BGPConfiguration') continue;
			const {args, input} = writeCommand({binary: 'calicoctl', allowVersionMismatch: false}, write);
			await control.calicoctl(args, input);
		}
		await control.wait(writes.length > 0 ? 30 : 0);
	}
}

/** Every resource of a kind, as calicoctl shows them. */
export async function readAll<K extends Kind>(control: LabControl, kind: K): Promise<readonly ResourceOf[K][]> {
	const {items}: {readonly items: readonly ResourceOf[K][]} = JSON.parse(
		await control.calicoctl(['get', kind.toLowerCase(), '-o', 'json']),
	);
	return items;
}
