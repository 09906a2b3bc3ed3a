/** How a BGP session is called in `calicoctl node status`, and in BIRD's configuration (Mesh_, Node_, Global_). */
export const peerTypes = {mesh: 'node-to-node mesh', node: 'node specific', global: 'global'} as const;

export type PeerKind = keyof typeof peerTypes;
export type PeerType = (typeof peerTypes)[PeerKind];

export type Family = 4 | 6;

/** One BGP session that Calico will configure on a node. What `predict` prints. */
export type Peer = {
	/** BIRD's name for it: `Mesh_172_31_45_29`. */
	readonly protocol: string;
	readonly family: Family;
	readonly kind: PeerKind;
	readonly address: string;
	readonly port: number | null;
	readonly as: string;
	/** BIRD waits to be dialled (`passive on`). */
	readonly passive: boolean;
	/** BIRD treats the other end as its client (`rr client`). */
	readonly reflectorClient: boolean;
	/** This node's own cluster ID where reflectorClient is set, else null. */
	readonly clusterId: string | null;
};

/** One BGP session as BIRD on a node shows it at one moment. */
export type Session = {
	readonly protocol: string;
	readonly family: Family;
	readonly address: string;
	readonly port: number | null;
	readonly type: PeerType;
	/** BIRD's protocol state: up, start, down, stop, flush, wait, feed. */
	readonly state: string;
	/** As the tool printed it: node-local `HH:MM:SS`, or a date when older than 20 hours. */
	readonly since: string;
	/** BGP state and last error: `Established`, `Active Socket: Connection refused`. */
	readonly info: string;
	/** Seconds until BIRD gives the session up unless something arrives, and the whole hold time; only where it was asked for. */
	readonly holdTimer?: {readonly left: number; readonly length: number};
};

/** Whether BIRD says that this session carries routes now. */
export function isEstablished(session: Session): boolean {
	return session.state === 'up' && session.info === 'Established';
}

/**
 * Whether a session is Established only by what was heard long ago. A KEEPALIVE comes at least every third of the hold time
 * (RFC 4271, 10) and sets the timer to three quarters of it at least (bgp_start_timer), so less than a third is a silence.
 */
export function isSilent({holdTimer}: Session): boolean {
	return holdTimer !== undefined && 3 * holdTimer.left < holdTimer.length;
}

/** One copy of a route in BIRD's own table, and the protocol that brought it. */
export type LearnedRoute = {readonly destination: string; readonly family: Family; readonly protocol: string};

/** One way a route leads. */
export type NextHop = {
	readonly via: string | null;
	readonly device: string | null;
	/** The next hop is taken to be on the link though no address says so: IPIP's routes over tunl0. */
	readonly onlink: boolean;
	readonly weight: number | null;
};

/** A route of a node's kernel that leads to a block of pod addresses. */
export type KernelRoute = {
	readonly destination: string;
	readonly family: Family;
	/** Next hops; empty for a blackhole (the node's own block). */
	readonly via: readonly string[];
	readonly device: string | null;
	readonly protocol: string;
	readonly metric: number | null;
	readonly blackhole: boolean;
	/** Each next hop with its own device; what copying the route needs. Absent where nobody read the route from `ip`. */
	readonly hops?: readonly NextHop[];
};

/** What could be learned about one node, or in words why it is unknown. */
export type Seen<T> = {readonly known: true; readonly value: T} | {readonly known: false; readonly reason: string};

/** What one look at a node's BIRD (and, where asked for, kernel) gave. */
export type Observation = {
	readonly node: string;
	/** Milliseconds on the run's clock. */
	readonly at: number;
	readonly sessions: Seen<readonly Session[]>;
	/** What they were seen through: `kubectl exec`, `CalicoNodeStatus`, `calicoctl node status`, or `node shell`. */
	readonly source?: string;
	/** Absent when routes were not asked for. */
	readonly routes?: Seen<readonly KernelRoute[]>;
	/** Every copy of every route that BIRD has; absent when it was not asked for. */
	readonly learned?: Seen<readonly LearnedRoute[]>;
};
