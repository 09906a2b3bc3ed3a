import {create, migrate, readAll, reflectorLabel, tutorialNodes} from '../prepare.ts';
import type {Lab, LabLook} from '../types.ts';

const {n217, n30, n29, n123} = tutorialNodes;
const reflectors = [n217, n30, n29];
const services = '10.96.0.0/12';
const ours = ['peer-to-rrs', 'rrs-to-rrs'];
const days = 3;

function announces(look: LabLook): boolean {
	return JSON.stringify(look.configuration?.serviceClusterIPs ?? []).includes(services);
}

/** Seconds that the pods of one node may miss another's: a reflector leaves within some seconds (measurements.md), rarely 20. */
const bearable = 60;

/** A way back is no restore: what others changed since must survive it. */
export const lab: Lab = {
	name: 'three-days-later',
	order: 14,
	title: 'Back, three days later',
	goal: 'Take a migration back by what it changed, and not by what stood there before, so that the work of others survives.',
	minutes: 9,
	start: async control => {
		await create(control, 'BGPConfiguration', {name: 'default'}, {asNumber: 64512, nodeToNodeMeshEnabled: true});
		const [node] = await readAll(control, 'Node');
		const at = String(node?.metadata.creationTimestamp);
		await migrate(control, {reflectors, stamp: {id: 'three-days-ago', at, by: 'anna@bastion'}});
		await control.wait(days * 86_400);
		const patch = JSON.stringify({spec: {serviceClusterIPs: [{cidr: services}]}});
		await control.calicoctl(['patch', 'bgpconfiguration', 'default', '-p', patch]);
		await control.calicoctl(['patch', 'node', n123, '-p', '{"metadata":{"labels":{"maintenance":"2026-q4"}}}']);
		await control.wait(3600);
	},
	text: [
		`Three days ago Anna moved this cluster from the mesh to three route reflectors (${reflectors.join(', ')}). The vendor of the switches wants the mesh back until a fault of theirs is found. Anna is on holiday, and her machine with the journal is switched off.`,
		`Since then others have gone on working: the BGPConfiguration announces the service addresses now (${services}), and a node has got a label. None of that is yours to undo. Anna also left a file from before: BGPConfiguration default with asNumber 64512 and nodeToNodeMeshEnabled true.`,
		'Bring the mesh back and take the reflectors out, by hand or with calico-rr-wizard rollback, which finds the note that the run left in the cluster (calicoctl get bgppeers -o yaml shows it). Pods may miss each other for seconds, not for minutes.',
	],
	predict: {
		question: 'What does calicoctl apply do with Anna’s old file?',
		options: [
			'It sets the two fields in it, and leaves the others.',
			'It is refused, since the object has changed meanwhile.',
			'It replaces the whole spec: what the file does not have is gone.',
		],
		right: 2,
		// calicoctl's resourcemgr: apply creates or updates, and an update writes spec, labels and annotations of the file.
		why: 'calicoctl apply is not kubectl apply: it knows no three-way merge and writes spec, labels and annotations of the file over those of the object. Only a file with a resourceVersion in it is refused when the object has changed.',
	},
	checks: [
		{
			text: 'The mesh is on, and every two nodes have their session of it.',
			judge: look => {
				if (!look.meshIsOn) return 'The mesh is off.';
				const missing = look.nodes.flatMap(from =>
					look.nodes.filter(to => to !== from && look.session(from, to)?.type !== 'node-to-node mesh'),
				);
				const down = look.unreachable().length;
				if (down > 0) return `${down} pairs of nodes do not reach each other.`;
				return missing.length === 0 ? null : `${missing.length} ends of the mesh are missing.`;
			},
		},
		{
			text: 'No mark and no BGPPeer of the migration is left.',
			judge: look => {
				const marked = look.nodes.filter(
					name => look.reflectors.includes(name) || look.node(name)?.metadata.labels?.[reflectorLabel] !== undefined,
				);
				if (marked.length > 0) return `Still marked: ${marked.join(', ')}.`;
				const left = ours.filter(name => look.bgpPeer(name));
				return left.length === 0 ? null : `Still there: ${left.join(', ')}.`;
			},
		},
		{
			text: 'What others have changed since is still there.',
			judge: look => {
				if (!announces(look)) return `The BGPConfiguration announces ${services} no more.`;
				return look.node(n123)?.metadata.labels?.maintenance === '2026-q4' ? null : `${n123} has lost a label.`;
			},
		},
		{
			text: `No two nodes missed each other for more than ${bearable} seconds.`,
			judge: ({lost}) =>
				lost.worstPairSeconds <= bearable
					? null
					: `Two nodes missed each other for ${Math.round(lost.worstPairSeconds)} seconds; lab reset starts again.`,
		},
	],
	wrongWays: [
		{
			id: 'old-file',
			recognise: look => !announces(look),
			text: 'You put back what stood there before. With it went what others had written since: the service addresses are not announced any more, and whoever set that will look for the reason in quite another place. A way back touches the fields that the way there touched, and no others.',
			script: `calicoctl apply -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  asNumber: 64512
  nodeToNodeMeshEnabled: true
EOF
lab time +30`,
		},
		{
			id: 'reflectors-first',
			recognise: look => !look.meshIsOn && look.reflectors.length < reflectors.length,
			text: 'You began with the reflectors while the mesh was off. The last one to go takes every route of the cluster along, and all that time the sessions that shall take over do not exist yet. The way back runs in the opposite order: first the mesh, which changes nothing for the worse, then one reflector after the other, last the BGPPeers.',
			script: `for node in ${reflectors.join(' ')}; do
  calicoctl patch node $node -p '{"metadata":{"labels":{"${reflectorLabel}":null}},"spec":{"bgp":{"routeReflectorClusterID":null}}}'
done
lab time +90`,
		},
	],
	hints: [
		'Which fields did the migration change? Those, one by one, and in the opposite order.',
		'Mesh on with a patch; then, node by node with a pause, label and cluster ID to null in one patch; then the two BGPPeers. Or: calico-rr-wizard rollback does it, and shows all of it before it asks.',
		`calicoctl patch bgpconfiguration default -p '{"spec":{"nodeToNodeMeshEnabled":true}}'
lab time +30
for node in ${[...reflectors].reverse().join(' ')}; do
  calicoctl patch node $node -p '{"metadata":{"labels":{"${reflectorLabel}":null}},"spec":{"bgp":{"routeReflectorClusterID":null}}}'
  lab time +60
done
calicoctl delete bgppeer ${ours.join(' ')}
lab time +30`,
	],
	explanation: [
		'The note in the BGPPeers says which fields the run changed, from what to what. calico-rr-wizard rollback takes back exactly those, and only where they still say what the run wrote; anything changed by others stays, and is named.',
		'Turning the mesh on first costs nothing: reflectors are not part of it, the clients get sessions with each other beside those with the reflectors, with the same next hops. Each reflector then moves for some seconds of its own pods’ traffic, or for none with a route hold.',
	],
};
