import type {Json} from './json.ts';

/** Kinds this program reads. Node, BGPPeer and BGPConfiguration are the only ones it writes. */
export type Kind = 'Node' | 'BGPPeer' | 'BGPConfiguration' | 'IPPool' | 'ClusterInformation';

/** The kinds a plan may write. */
export type WrittenKind = Extract<Kind, 'Node' | 'BGPPeer' | 'BGPConfiguration'>;

export type Metadata = {
	readonly name: string;
	readonly labels?: Readonly<Record<string, string>>;
	readonly annotations?: Readonly<Record<string, string>>;
	readonly resourceVersion?: string;
	readonly uid?: string;
	readonly creationTimestamp?: string | null;
	readonly [field: string]: Json | undefined;
};

/** A resource as `-o json` shows it. Fields this program does not know are kept as they came. */
export type Resource<K extends Kind = Kind, Spec = {readonly [field: string]: Json | undefined}> = {
	readonly apiVersion: string;
	readonly kind: K;
	readonly metadata: Metadata;
	readonly spec: Spec;
	readonly status?: Json;
};

/** calico.md's §2.1: libcalico-go/lib/apis/internalapi/node.go. Addresses are CIDRs: `172.31.45.29/20`. */
export type NodeBgp = {
	readonly asNumber?: AsNumber;
	readonly ipv4Address?: string;
	readonly ipv6Address?: string;
	readonly routeReflectorClusterID?: string;
	readonly [field: string]: Json | undefined;
};
export type NodeResource = Resource<'Node', {readonly bgp?: NodeBgp; readonly [field: string]: Json | undefined}>;

/** An AS number as Calico accepts it: a number, its decimal text, or `1.10` (RFC 5396 asdot). */
export type AsNumber = number | string;

export type SecretReference = {readonly secretKeyRef: {readonly name: string; readonly key: string}};

/** api/pkg/apis/projectcalico/v3/bgppeer.go. Neither `node` nor `nodeSelector` means: every node (a global peer). */
export type BgpPeerSpec = {
	readonly node?: string;
	readonly nodeSelector?: string;
	readonly peerIP?: string;
	readonly peerSelector?: string;
	readonly localWorkloadSelector?: string;
	readonly asNumber?: AsNumber;
	readonly localASNumber?: AsNumber;
	readonly reversePeering?: 'Auto' | 'Manual';
	readonly password?: SecretReference;
	readonly maxRestartTime?: string;
	readonly [field: string]: Json | undefined;
};
export type BgpPeerResource = Resource<'BGPPeer', BgpPeerSpec>;

/** api/pkg/apis/projectcalico/v3/bgpconfig.go. An absent `default`, or an absent field, means: mesh on, AS 64512. */
export type BgpConfigurationSpec = {
	readonly nodeToNodeMeshEnabled?: boolean;
	readonly asNumber?: AsNumber;
	readonly listenPort?: number;
	readonly nodeMeshPassword?: SecretReference;
	readonly nodeMeshMaxRestartTime?: string;
	readonly [field: string]: Json | undefined;
};
export type BgpConfigurationResource = Resource<'BGPConfiguration', BgpConfigurationSpec>;

export type IpPoolResource = Resource<
	'IPPool',
	{
		readonly cidr: string;
		readonly ipipMode?: string;
		readonly vxlanMode?: string;
		readonly disabled?: boolean;
		readonly [field: string]: Json | undefined;
	}
>;
export type ClusterInformationResource = Resource<'ClusterInformation'>;

export type ResourceOf = {
	readonly Node: NodeResource;
	readonly BGPPeer: BgpPeerResource;
	readonly BGPConfiguration: BgpConfigurationResource;
	readonly IPPool: IpPoolResource;
	readonly ClusterInformation: ClusterInformationResource;
};
export type WrittenResource = ResourceOf[WrittenKind];

/** The API version calicoctl reads and writes in every release this program supports. */
export const apiVersion = 'projectcalico.org/v3';
