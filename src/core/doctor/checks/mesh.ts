import {judgeGate} from '../../gates.ts';
import {peersOf} from '../../peering/peers.ts';
import {currentReflectors} from '../../reflectors.ts';
import {findResource} from '../../snapshot.ts';
import {judgeUnseen, seeingOf} from '../looks.ts';
import {block, check, type DoctorInput, pass, warn} from '../types.ts';
import {counted, some} from '../words.ts';

/** Each one named costs a look at all nodes; nobody reads more. */
const listedAtMost = 8;

/** Whether there is a mesh to leave, and whether it is whole. */
export const meshChecks = [
	check('mesh-enabled', 'The node-to-node mesh is on', ({snapshot, peering}) => {
		const configuration = findResource(snapshot, 'BGPConfiguration', 'default');
		if (peering.meshEnabled) {
			return pass(
				configuration
					? `BGPConfiguration default has nodeToNodeMeshEnabled ${configuration.spec.nodeToNodeMeshEnabled ?? 'unset, which means true'}.`
					: 'There is no BGPConfiguration default, which means: mesh on, AS 64512.',
			);
		}
		const reflectors = currentReflectors(snapshot);
		return reflectors.length === 0
			? block(
					'The mesh is off already, and no node is a route reflector: there is no mesh to go back to.',
					'If the BGPPeers do not connect all nodes, turn the mesh on: nodeToNodeMeshEnabled: true in BGPConfiguration default.',
				)
			: warn(
					`The mesh is off already; route reflectors: ${some(reflectors)}. Nodes can become reflectors, but there is no mesh to leave.`,
				);
	}),
	check('sessions-healthy', 'Every BGP session between the nodes is up', input => {
		const seeing = seeingOf(input);
		const {peering, observations} = input;
		const scope = {nodes: seeing.seen.map(each => each.node), routes: false};
		const {waiting, established, expected} = judgeGate({scope, peering, now: observations, before: observations});
		if (waiting.length > 0) {
			const listed = waiting
				.slice(0, listedAtMost)
				.map(each => `${each.node} ${withRemote(input, each.node, each.what)}: ${each.reason}`);
			const rest = waiting.length > listedAtMost ? `; and ${waiting.length - listedAtMost} more` : '';
			return block(
				`${established} of ${counted(expected, 'session end')} are Established. Not as it should be: ${listed.join('; ')}${rest}.`,
				'Mend these first: later nobody could tell what a step broke from what was broken before.',
			);
		}
		const doubt = judgeUnseen(seeing);
		if (doubt) return doubt;
		return pass(
			`${established} of ${counted(expected, 'session end')} are Established, on ${counted(seeing.seen.length, 'node')}.`,
		);
	}),
];

/** The protocol with the node at its other end: `Mesh_10_0_0_2 (node-2)`. */
function withRemote({peering, observations}: DoctorInput, node: string, protocol: string): string {
	const sessions = observations.get(node)?.sessions;
	const address =
		(sessions?.known ? sessions.value.find(session => session.protocol === protocol)?.address : undefined) ??
		peersOf(peering, node).find(peer => peer.protocol === protocol)?.address;
	const remote = address === undefined ? undefined : peering.byAddress.get(address)?.name;
	return remote === undefined ? protocol : `${protocol} (${remote})`;
}
