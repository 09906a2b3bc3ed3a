import type {SecretReference} from '../../core/resources.ts';
import {create, reflectorLabel, tutorialNodes} from '../prepare.ts';
import type {Lab, LabLook} from '../types.ts';

const {n217, n30, n29} = tutorialNodes;
const reflectors = [n217, n30, n29];
const password: SecretReference = {secretKeyRef: {name: 'bgp-passwords', key: 'mesh'}};

function hasPassword(peer: LabLook['snapshot']['bgpPeers'][number]): boolean {
	const reference = peer.spec.password?.secretKeyRef;
	return reference?.name === password.secretKeyRef.name && reference.key === password.secretKeyRef.key;
}

function withPassword(look: LabLook): number {
	return look.snapshot.bgpPeers.filter(hasPassword).length;
}

/** Calico forbids a mesh password once the mesh is off; the error invites to throw it away, and nothing complains after. */
export const lab: Lab = {
	name: 'mesh-password',
	order: 15,
	title: 'The password that stood in the way',
	goal: 'Turn off a mesh that has a password, with the password on every session that takes its place.',
	minutes: 7,
	start: async control => {
		await create(
			control,
			'BGPConfiguration',
			{name: 'default'},
			{asNumber: 64512, nodeToNodeMeshEnabled: true, nodeMeshPassword: password},
		);
		const all = `has(${reflectorLabel})`;
		await create(control, 'BGPPeer', {name: 'peer-to-rrs'}, {nodeSelector: `!${all}`, peerSelector: all});
		await create(control, 'BGPPeer', {name: 'rrs-to-rrs'}, {nodeSelector: all, peerSelector: all});
		const marks = {
			metadata: {labels: {[reflectorLabel]: ''}},
			spec: {bgp: {routeReflectorClusterID: '224.0.0.1'}},
		};
		for (const node of reflectors) {
			await control.calicoctl(['patch', 'node', node, '-p', JSON.stringify(marks)]);
			await control.wait(60);
		}
	},
	text: [
		`Three reflectors (${reflectors.join(', ')}) and two BGPPeers are in place, and the last step is left: turning the mesh off. BGP in this company runs with a password (TCP MD5), so that nobody on the wire can slip a segment into a session; for the mesh it is key mesh of the secret bgp-passwords.`,
		'Look at calicoctl get bgpconfiguration default -o yaml and at calicoctl get bgppeers -o yaml, then do the last step. Afterwards the mesh is off and every session between nodes has the same password that the mesh had.',
	],
	predict: {
		question: `What does calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":false}}' do here?`,
		options: [
			'It turns the mesh off; the password stays for the day the mesh comes back.',
			'It turns the mesh off, and the BGPPeers take the password over.',
			'Nothing: Calico refuses it as long as a password for the mesh is set.',
		],
		right: 2,
		// validateBGPConfigurationSpec in libcalico-go's validator, and the CRD's CEL rule since v3.32.
		why: 'nodeMeshPassword cannot be set when the mesh is disabled, so the same write must take it out. It is a setting of the mesh alone; a BGPPeer has a password of its own, or none.',
	},
	checks: [
		{
			text: 'The mesh is off, and everything else in BGPConfiguration default is as it was.',
			judge: look => {
				if (look.meshIsOn) return 'The mesh is on.';
				return String(look.configuration?.asNumber) === '64512' ? null : 'The asNumber is not there any more.';
			},
		},
		{
			text: 'Every BGPPeer has the password that the mesh had.',
			judge: look => {
				const peers = look.snapshot.bgpPeers;
				if (peers.length === 0) return 'There is no BGPPeer.';
				const bare = peers.filter(peer => !hasPassword(peer)).map(({metadata}) => metadata.name);
				return bare.length === 0 ? null : `Without it, or with another one: ${bare.join(', ')}.`;
			},
		},
		{
			text: 'Every node has its session with each reflector, and pods reach each other.',
			judge: look => {
				const missing = look.nodes.flatMap(node =>
					reflectors.filter(name => name !== node && !look.isEstablished(node, name)),
				);
				if (missing.length > 0) return `${missing.length} ends of sessions with a reflector are not Established.`;
				return look.unreachable().length === 0 ? null : `${look.unreachable().length} pairs do not reach each other.`;
			},
		},
	],
	wrongWays: [
		{
			id: 'thrown-away',
			recognise: look => !look.meshIsOn && withPassword(look) === 0,
			text: 'You took the password out, as the error says, and turned the mesh off. Everything works: all sessions are up, and none of them has a password. Nothing will ever complain, until an audit does. The BGPPeers have to carry what the mesh carried, and before the mesh goes.',
			script: `calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":false,"nodeMeshPassword":null}}'
lab time +30`,
		},
		{
			id: 'half',
			recognise: look => withPassword(look) > 0 && withPassword(look) < look.snapshot.bgpPeers.length,
			text: 'Some BGPPeers have the password and some have not. Each pair of nodes is served by one of them, so all sessions come up and half of the topology is open. Had the two BGPPeers met on one pair, the ends could even disagree: then the segments without the right signature are dropped in silence, and the session stays in Connect.',
			script: `calicoctl patch bgppeer peer-to-rrs -p '{"spec":{"password":{"secretKeyRef":{"name":"bgp-passwords","key":"mesh"}}}}'
lab time +30`,
		},
	],
	hints: [
		'The password belongs to the sessions, not to the mesh. Who makes the sessions once the mesh is off?',
		'calicoctl patch bgppeer NAME takes spec.password with the same secretKeyRef; after that, one patch of BGPConfiguration default turns the mesh off and sets nodeMeshPassword to null.',
		`for peer in peer-to-rrs rrs-to-rrs; do
  calicoctl patch bgppeer $peer -p '{"spec":{"password":{"secretKeyRef":{"name":"bgp-passwords","key":"mesh"}}}}'
  lab time +60
done
calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":false,"nodeMeshPassword":null}}'
lab time +30`,
	],
	explanation: [
		'Giving a session a password restarts it, on both ends at nearly the same moment; that costs some seconds of routes for the reflectors’ own pods, so the better time is before the reflectors are marked, when the BGPPeers match nobody yet. calico-rr-wizard does it so, and puts the password back on the mesh on the way back.',
		'The secret must lie in the namespace of calico-node, and its service account must be allowed to read it. Write down which secret it was before you null the field: the BGPConfiguration does not remember it. The same goes for nodeMeshMaxRestartTime, which becomes maxRestartTime of the BGPPeers.',
	],
};
