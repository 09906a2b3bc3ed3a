import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {UserError} from '../core/user-error.ts';

/**
 * Writes a lab that can be started at once and be changed into another: `NAME.mjs` in a folder. Gives its path.
 * @throws UserError where there is such a file, or the folder cannot be written to.
 */
export async function writeTemplate(folder: string, name: string): Promise<string> {
	const path = join(folder, `${name}.mjs`);
	try {
		await writeFile(path, template(name), {flag: 'wx'});
	} catch (error) {
		throw new UserError(`The lab cannot be written: ${error instanceof Error ? error.message : error}.`, {
			next: ['Choose another name, or another folder with --labs DIR.'],
		});
	}
	return path;
}

function template(name: string): string {
	return `// A lab for calico-rr-wizard. Start it: calico-rr-wizard lab start ${name} --labs .
// Test it:  calico-rr-wizard lab run ${name} --labs . --script fix.sh --json
//
// \`look\` is the cluster as its own tools show it: look.nodes, look.reflectors, look.meshIsOn, look.configuration,
// look.node(name), look.bgpPeer(name), look.sessions(node), look.session(from, to), look.isEstablished(from, to),
// look.reaches(from, to), look.unreachable(), look.copies(from, to), look.isBlocked(one, other), look.nodeStatuses,
// look.answer(id), look.seconds, look.lost.
// \`control\` changes it: control.calicoctl(argv, input), control.onNode(node, argv), control.cutLink(node),
// control.restoreLink(node), control.blockBgp(one, other), control.allowBgp(one, other), control.killBird(node),
// control.startBird(node), control.wait(seconds). Lists of words, no shell; each throws where the tool fails.

const reflector = 'ip-172-31-40-30';

export const lab = {
	name: '${name}',
	// Labs are listed in this order.
	order: 100,
	title: 'One node without the mesh',
	goal: 'Say which nodes still peer once a node has got a cluster ID.',
	// At most ten.
	minutes: 5,
	// The cluster it starts on: {nodes: 5} of the tutorial, {datastore: 'kubernetes-v1'} where kubectl is needed.
	cluster: {},
	// Brings the cluster to where the lab starts.
	async start(control) {
		await control.calicoctl(['patch', 'node', reflector, '-p', '{"spec":{"bgp":{"routeReflectorClusterID":"224.0.0.1"}}}']);
		await control.wait(30);
	},
	// Paragraphs.
	text: [
		\`Somebody has given \${reflector} a cluster ID and gone to lunch. Look at the peers of any node: calicoctl node status, or lab peers.\`,
		'Bring the node back into the mesh.',
	],
	predict: {
		question: 'How many sessions does that node have now?',
		options: ['None.', 'Four, as before.'],
		// Counted from 0.
		right: 0,
		why: 'A node with a cluster ID leaves the mesh at once, on every node, and no BGPPeer gives it other sessions.',
	},
	// What must hold in the end; never which commands were typed. null, or what is missing, in a sentence.
	checks: [
		{
			text: 'Every node peers with every other.',
			judge: look => (look.unreachable().length === 0 && look.reflectors.length === 0 ? null : \`\${look.unreachable().length} pairs of nodes do not reach each other.\`),
		},
	],
	// Mistakes that are often made: recognised by what they left, with a script that makes them.
	wrongWays: [
		{
			id: 'mesh-off',
			recognise: look => !look.meshIsOn,
			text: 'Without the mesh no node has any session.',
			script: \`calicoctl create -f - <<EOF
apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
EOF\`,
		},
	],
	// A nudge, the command, and the full fix: a script that solves the lab.
	hints: [
		'What tells a route reflector from another node?',
		'calicoctl patch node takes null for a field that shall go.',
		\`calicoctl patch node \${reflector} -p '{"spec":{"bgp":{"routeReflectorClusterID":null}}}'
lab time +30\`,
	],
	explanation: ['A cluster ID makes a node a route reflector, and Calico takes reflectors out of the mesh.'],
};
`;
}
