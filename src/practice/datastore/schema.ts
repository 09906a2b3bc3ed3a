import type {StoredKind} from './types.ts';

/** A rule for one field's text: the tags of libcalico-go/lib/validator/v3. */
export type Check =
	| 'name'
	| 'selector'
	| 'IP:port'
	| 'ipv4'
	| 'ipv6'
	| 'cidrv4'
	| 'cidrv6'
	| 'net'
	| 'logLevel'
	| 'mac'
	| 'sourceAddress';

/** How a field is read, and what Go calls it in error texts. */
export type FieldType =
	| {readonly type: 'string'; readonly check?: Check; readonly oneOf?: readonly string[]}
	| {readonly type: 'boolean'}
	| {readonly type: 'integer'; readonly go: string; readonly low: number; readonly high: number}
	| {readonly type: 'asNumber'}
	| {readonly type: 'duration'}
	| {readonly type: 'struct'; readonly go: string; readonly fields: Fields}
	| {readonly type: 'list'; readonly go: string; readonly of: FieldType}
	| {readonly type: 'map'};

/** A field of a Go struct. One that is no pointer is left out when it holds Go's zero value. */
export type Field = FieldType & {readonly goName: string; readonly pointer?: true};

/** JSON name to field, in the order of the Go struct, which is the order of `-o json`. */
export type Fields = Readonly<Record<string, Field>>;

const string = (goName: string, check?: Check): Field => ({type: 'string', goName, ...(check && {check})});
const choice = (goName: string, oneOf: readonly string[]): Field => ({type: 'string', goName, oneOf});
const pointer = (field: Field): Field => ({...field, pointer: true});
const boolean = (goName: string): Field => ({type: 'boolean', goName});
const asNumber = (goName: string): Field => ({type: 'asNumber', goName});
const duration = (goName: string): Field => ({type: 'duration', goName, pointer: true});
const struct = (goName: string, go: string, fields: Fields): Field => ({type: 'struct', goName, go, fields});
const list = (goName: string, go: string, of: FieldType): Field => ({type: 'list', goName, go, of});
const integer = (goName: string, go: string, low: number, high: number): Field => ({
	type: 'integer',
	goName,
	go,
	low,
	high,
});
const strings = (goName: string): Field => list(goName, '[]string', {type: 'string'});
const listOf = (goName: string, go: string, fields: Fields): Field =>
	list(goName, `[]v3.${go}`, {type: 'struct', go: `v3.${go}`, fields});

const password = (goName: string): Field =>
	pointer(
		struct(goName, 'v3.BGPPassword', {
			secretKeyRef: pointer(
				struct('SecretKeyRef', 'v1.SecretKeySelector', {
					name: string('Name'),
					key: string('Key'),
					optional: pointer(boolean('Optional')),
				}),
			),
		}),
	);
const toggle = ['Enabled', 'Disabled'] as const;
const addressBlock: Fields = {cidr: string('CIDR', 'net')};

/** libcalico-go/lib/apis/internalapi/node.go */
const nodeSpec: Fields = {
	bgp: pointer(
		struct('BGP', 'internalapi.NodeBGPSpec', {
			asNumber: pointer(asNumber('ASNumber')),
			ipv4Address: string('IPv4Address', 'cidrv4'),
			ipv6Address: string('IPv6Address', 'cidrv6'),
			ipv4IPIPTunnelAddr: string('IPv4IPIPTunnelAddr', 'ipv4'),
			routeReflectorClusterID: string('RouteReflectorClusterID', 'ipv4'),
		}),
	),
	ipv4VXLANTunnelAddr: string('IPv4VXLANTunnelAddr', 'ipv4'),
	vxlanTunnelMACAddr: string('VXLANTunnelMACAddr', 'mac'),
	ipv6VXLANTunnelAddr: string('IPv6VXLANTunnelAddr', 'ipv6'),
	vxlanTunnelMACAddrV6: string('VXLANTunnelMACAddrV6', 'mac'),
	orchRefs: listOf('OrchRefs', 'OrchRef', {nodeName: string('NodeName'), orchestrator: string('Orchestrator')}),
	wireguard: pointer(
		struct('Wireguard', 'internalapi.NodeWireguardSpec', {
			interfaceIPv4Address: string('InterfaceIPv4Address', 'ipv4'),
			interfaceIPv6Address: string('InterfaceIPv6Address', 'ipv6'),
		}),
	),
	// On Kubernetes every Node has its own address here with the prefix length of its network, and may be written back.
	addresses: listOf('Addresses', 'NodeAddress', {address: string('Address'), type: string('Type')}),
	interfaces: listOf('Interfaces', 'NodeInterface', {name: string('Name', 'name'), addresses: strings('Addresses')}),
};

const nodeStatus: Fields = {
	wireguardPublicKey: string('WireguardPublicKey'),
	wireguardPublicKeyV6: string('WireguardPublicKeyV6'),
	podCIDRs: strings('PodCIDRs'),
};

/** api/pkg/apis/projectcalico/v3/bgppeer.go at v3.32 */
const bgpPeerSpec: Fields = {
	node: string('Node', 'name'),
	nodeSelector: string('NodeSelector', 'selector'),
	peerIP: string('PeerIP', 'IP:port'),
	asNumber: asNumber('ASNumber'),
	localASNumber: pointer(asNumber('LocalASNumber')),
	peerSelector: string('PeerSelector', 'selector'),
	localWorkloadSelector: string('LocalWorkloadSelector', 'selector'),
	keepOriginalNextHop: boolean('KeepOriginalNextHop'),
	nextHopMode: choice('NextHopMode', ['Auto', 'Self', 'Keep']),
	password: password('Password'),
	sourceAddress: string('SourceAddress', 'sourceAddress'),
	maxRestartTime: duration('MaxRestartTime'),
	keepaliveTime: duration('KeepaliveTime'),
	numAllowedLocalASNumbers: pointer(integer('NumAllowedLocalASNumbers', 'int32', -(2 ** 31), 2 ** 31 - 1)),
	ttlSecurity: pointer(integer('TTLSecurity', 'uint8', 0, 255)),
	reachableBy: string('ReachableBy'),
	filters: strings('Filters'),
	reversePeering: choice('ReversePeering', ['Auto', 'Manual']),
};

/** api/pkg/apis/projectcalico/v3/bgpconfig.go at v3.32; the order is the one in the transcripts' error text. */
const bgpConfigurationSpec: Fields = {
	logSeverityScreen: string('LogSeverityScreen', 'logLevel'),
	nodeToNodeMeshEnabled: pointer(boolean('NodeToNodeMeshEnabled')),
	asNumber: pointer(asNumber('ASNumber')),
	serviceLoadBalancerIPs: listOf('ServiceLoadBalancerIPs', 'ServiceLoadBalancerIPBlock', addressBlock),
	serviceExternalIPs: listOf('ServiceExternalIPs', 'ServiceExternalIPBlock', addressBlock),
	serviceClusterIPs: listOf('ServiceClusterIPs', 'ServiceClusterIPBlock', addressBlock),
	serviceLoadBalancerAggregation: pointer(choice('ServiceLoadBalancerAggregation', toggle)),
	communities: listOf('Communities', 'Community', {name: string('Name', 'name'), value: string('Value')}),
	prefixAdvertisements: listOf('PrefixAdvertisements', 'PrefixAdvertisement', {
		cidr: string('CIDR', 'net'),
		communities: strings('Communities'),
	}),
	listenPort: integer('ListenPort', 'uint16', 0, 65535),
	nodeMeshPassword: password('NodeMeshPassword'),
	nodeMeshMaxRestartTime: duration('NodeMeshMaxRestartTime'),
	bindMode: pointer(choice('BindMode', ['None', 'NodeIP'])),
	ignoredInterfaces: strings('IgnoredInterfaces'),
	localWorkloadPeeringIPV4: string('LocalWorkloadPeeringIPV4', 'ipv4'),
	localWorkloadPeeringIPV6: string('LocalWorkloadPeeringIPV6', 'ipv6'),
	programClusterRoutes: pointer(choice('ProgramClusterRoutes', toggle)),
	ipv4NormalRoutePriority: pointer(integer('IPv4NormalRoutePriority', 'int', 1, 2 ** 31 - 1)),
	ipv6NormalRoutePriority: pointer(integer('IPv6NormalRoutePriority', 'int', 1, 2 ** 31 - 1)),
};

/** metav1.ObjectMeta, as far as a tool may send it. */
export const metadataFields: Fields = {
	name: string('Name'),
	generateName: string('GenerateName'),
	namespace: string('Namespace'),
	uid: string('UID'),
	resourceVersion: string('ResourceVersion'),
	generation: integer('Generation', 'int64', 0, Number.MAX_SAFE_INTEGER),
	creationTimestamp: string('CreationTimestamp'),
	labels: {type: 'map', goName: 'Labels'},
	annotations: {type: 'map', goName: 'Annotations'},
	finalizers: strings('Finalizers'),
};

export type KindSchema = {readonly go: string; readonly spec: Fields; readonly status?: Fields};

/** The kinds that can be written through calicoctl here. */
export const schemas: Readonly<Partial<Record<StoredKind, KindSchema>>> = {
	Node: {go: 'NodeSpec', spec: nodeSpec, status: nodeStatus},
	BGPPeer: {go: 'BGPPeerSpec', spec: bgpPeerSpec},
	BGPConfiguration: {go: 'BGPConfigurationSpec', spec: bgpConfigurationSpec},
};
