import {isObject, type JsonObject} from '../../core/json.ts';
import type {StoredKind, StoredResource} from '../datastore/types.ts';

/** One column of a table: its heading and how a resource fills it. */
type Columns = Readonly<Record<string, (resource: StoredResource, globalAs: string) => string>>;

/** A kind as calicoctl knows it: the names a user may type, and its tables. */
export type KindInfo = {
	readonly kind: StoredKind;
	readonly names: readonly string[];
	readonly columns: Columns;
	readonly narrow: readonly string[];
	readonly wide: readonly string[];
};

const spec = (field: string) => (resource: StoredResource) => text(resource.spec[field]);
const name = ({metadata}: StoredResource): string => metadata.name;
const bgp = (resource: StoredResource): JsonObject => (isObject(resource.spec.bgp) ? resource.spec.bgp : {});

function text(value: unknown, absent = ''): string {
	return value === undefined ? absent : String(value);
}

const bgpConfigurationColumns = ['NAME', 'LOGSEVERITY', 'MESHENABLED', 'ASNUMBER'];
const bgpPeerColumns = ['NAME', 'PEERIP', 'NODE', 'ASN'];
const clusterColumns = ['NAME', 'CLUSTERGUID', 'CLUSTERTYPE', 'CALICOVERSION', 'DATASTOREREADY'];

/** calicoctl/calicoctl/resourcemgr/*.go */
const kindInfos: readonly KindInfo[] = [
	{
		kind: 'Node',
		names: ['node', 'nodes', 'no', 'nos'],
		columns: {
			NAME: name,
			ASN: (resource, globalAs) => (isObject(resource.spec.bgp) ? text(bgp(resource).asNumber, `(${globalAs})`) : ''),
			IPV4: resource => text(bgp(resource).ipv4Address),
			IPV6: resource => text(bgp(resource).ipv6Address),
		},
		narrow: ['NAME'],
		wide: ['NAME', 'ASN', 'IPV4', 'IPV6'],
	},
	{
		kind: 'BGPPeer',
		names: ['bgppeer', 'bgppeers', 'bgpp', 'bgpps', 'bp', 'bps'],
		columns: {
			NAME: name,
			PEERIP: spec('peerIP'),
			NODE: resource => text(resource.spec.node ?? resource.spec.nodeSelector, '(global)'),
			ASN: resource => text(resource.spec.asNumber, '0'),
		},
		narrow: bgpPeerColumns,
		wide: bgpPeerColumns,
	},
	{
		kind: 'BGPConfiguration',
		names: ['bgpconfiguration', 'bgpconfigurations', 'bgpconfig', 'bgpconfigs'],
		columns: {
			NAME: name,
			LOGSEVERITY: spec('logSeverityScreen'),
			MESHENABLED: resource => text(resource.spec.nodeToNodeMeshEnabled, '-'),
			ASNUMBER: resource => text(resource.spec.asNumber, '-'),
		},
		narrow: bgpConfigurationColumns,
		wide: bgpConfigurationColumns,
	},
	{
		kind: 'IPPool',
		names: ['ippool', 'ippools', 'ipp', 'ipps', 'pool', 'pools'],
		columns: {
			NAME: name,
			CIDR: spec('cidr'),
			NAT: resource => text(resource.spec.natOutgoing, 'false'),
			IPIPMODE: resource => text(resource.spec.ipipMode, 'Never'),
			VXLANMODE: resource => text(resource.spec.vxlanMode, 'Never'),
			DISABLED: resource => text(resource.spec.disabled, 'false'),
			DISABLEBGPEXPORT: resource => text(resource.spec.disableBGPExport, 'false'),
			SELECTOR: spec('nodeSelector'),
		},
		narrow: ['NAME', 'CIDR', 'SELECTOR'],
		wide: ['NAME', 'CIDR', 'NAT', 'IPIPMODE', 'VXLANMODE', 'DISABLED', 'DISABLEBGPEXPORT', 'SELECTOR'],
	},
	{
		kind: 'FelixConfiguration',
		names: ['felixconfiguration', 'felixconfigurations', 'felixconfig', 'felixconfigs'],
		columns: {NAME: name},
		narrow: ['NAME'],
		wide: ['NAME'],
	},
	{
		kind: 'ClusterInformation',
		names: ['clusterinformation', 'clusterinformations', 'clusterinfo', 'clusterinfos'],
		columns: {
			NAME: name,
			CLUSTERGUID: spec('clusterGUID'),
			CLUSTERTYPE: spec('clusterType'),
			CALICOVERSION: spec('calicoVersion'),
			DATASTOREREADY: spec('datastoreReady'),
		},
		narrow: clusterColumns,
		wide: clusterColumns,
	},
];

/** Kinds that calicoctl has and the practice cluster has not: refused in words that no real tool uses. */
const otherKinds: readonly string[] = [
	'BGPFilter',
	'BlockAffinity',
	'GlobalNetworkPolicy',
	'GlobalNetworkSet',
	'HostEndpoint',
	'IPAMConfiguration',
	'IPReservation',
	'KubeControllersConfiguration',
	'NetworkPolicy',
	'NetworkSet',
	'Profile',
	'StagedGlobalNetworkPolicy',
	'StagedKubernetesNetworkPolicy',
	'StagedNetworkPolicy',
	'Tier',
	'WorkloadEndpoint',
];

const byName = new Map(kindInfos.flatMap(info => info.names.map(key => [key, info] as const)));
const byKind = new Map(kindInfos.map(info => [info.kind as string, info]));

/** The kind for a name as the user typed it. */
export function kindNamed(typed: string): KindInfo | undefined {
	return byName.get(typed.toLowerCase());
}

/** The kind for `kind:` in a file. */
export function kindCalled(kind: string): KindInfo | undefined {
	return byKind.get(kind);
}

/** Whether calicoctl knows the kind, by its name or plural, though the practice cluster does not. */
export function isOtherKind(typed: string): boolean {
	const singular = typed.toLowerCase().replace(/ies$/, 'y').replace(/s$/, '');
	return otherKinds.some(kind => kind.toLowerCase() === singular);
}
