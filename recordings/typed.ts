/** One command as it is typed. */
export type Typed = {
	/** Seconds before it. */
	readonly wait: number;
	readonly argv: readonly string[];
	/** What goes in; made from what the command before it printed, where somebody edits that. */
	readonly stdin?: string | ((printed: string) => string);
};

const reflectors = ['ip-172-31-40-217', 'ip-172-31-37-123', 'ip-172-31-42-47'];
const clients = ['ip-172-31-40-30', 'ip-172-31-45-29'];
/** The node on which the tutorial types its commands. */
const here = 'ip-172-31-45-29';

const type = (wait: number, line: string): Typed => ({wait, argv: line.split(' ')});
const status = (wait: number): Typed => type(wait, `node-exec ${here} calicoctl node status`);

/** BIRD's own view of every node; the sessions have time to come up before. */
function protocols(wait: number): readonly Typed[] {
	return [...reflectors, ...clients].map((node, index) =>
		type(index === 0 ? wait : 0.1, `node-exec ${node} birdcl -s /var/run/calico/bird.ctl show protocols`),
	);
}

/** The tutorial's two lines, in the file that `--export` printed. */
function marked(printed: string): string {
	return printed
		.replace(/^( *)labels:\n/m, '$1labels:\n$1  calico-route-reflector: ""\n')
		.replace(/^( *)bgp:\n/m, '$1bgp:\n$1  routeReflectorClusterID: 224.0.0.1\n');
}

function peers(name: string, nodes: string): string {
	return `kind: BGPPeer
apiVersion: projectcalico.org/v3
metadata:
  name: ${name}
spec:
  nodeSelector: "${nodes}"
  peerSelector: has(calico-route-reflector)
`;
}

const meshOff = `apiVersion: projectcalico.org/v3
kind: BGPConfiguration
metadata:
  name: default
spec:
  nodeToNodeMeshEnabled: false
  asNumber: 64512
`;

/** "Calico the hard way", the chapter on route reflectors, with what it does to the sessions in between. */
export const tutorial: readonly Typed[] = [
	type(0, 'calicoctl get nodes -o wide'),
	status(1),
	...reflectors.flatMap((node): readonly Typed[] => [
		type(2, `calicoctl get node ${node} -o yaml --export`),
		{wait: 5, argv: ['calicoctl', 'apply', '-f', '-'], stdin: marked},
	]),
	...protocols(3),
	{
		wait: 3,
		argv: ['calicoctl', 'apply', '-f', '-'],
		stdin: peers('peer-to-rrs', '!has(calico-route-reflector)'),
	},
	...protocols(12),
	{wait: 3, argv: ['calicoctl', 'apply', '-f', '-'], stdin: peers('rrs-to-rrs', 'has(calico-route-reflector)')},
	...protocols(12),
	{wait: 3, argv: ['calicoctl', 'create', '-f', '-'], stdin: meshOff},
	status(3),
	type(1, `node-exec ${reflectors[0]} calicoctl node status`),
	type(1, 'calicoctl get bgppeers'),
	type(1, 'calicoctl get bgpconfig default -o yaml'),
];

const routes = (wait: number): Typed => type(wait, `node-exec ${here} ip route show proto bird`);

/** The mesh off before there is anything else: all routes go, and come back with the mesh. */
export const meshOffFirst: readonly Typed[] = [
	type(0, 'calicoctl get nodes -o wide'),
	status(1),
	routes(1),
	{wait: 3, argv: ['calicoctl', 'create', '-f', '-'], stdin: meshOff},
	status(3),
	routes(1),
	type(1, 'calicoctl get bgppeers'),
	{
		wait: 3,
		argv: ['calicoctl', 'patch', 'bgpconfig', 'default', '-p', '{"spec":{"nodeToNodeMeshEnabled":true}}'],
	},
	status(2),
	routes(1),
	status(12),
	routes(1),
];
