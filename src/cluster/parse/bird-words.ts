/** BIRD's protocol states as `show protocols` prints them (BIRD 1.6 nest/proto.c, c_states and proto_state_name). */
export const protocolStates: ReadonlySet<string> = new Set([
	'up',
	'start',
	'down',
	'stop',
	'flush',
	'wait',
	'feed',
	'???',
]);

/** The first word of a BGP protocol's info column (BIRD 1.6 proto/bgp/bgp.c, bgp_get_status). */
export const bgpStates: ReadonlySet<string> = new Set([
	'Idle',
	'Connect',
	'Active',
	'OpenSent',
	'OpenConfirm',
	'Established',
	'Close',
	'Passive',
	'Down',
]);

/** `HH:MM:SS` for 20 hours, then the date (BIRD 1.6 conf/conf.c, tf_proto). */
export const since = /^(?:\d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2})$/;

/** birdcl's greeting; what a login or a wrapper printed before it is not BIRD's. */
export const greeting = /^BIRD \S+ ready\.$/;
