import {isIPv4, isIPv6} from 'node:net';
import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {type ErroredField, NotModelledError} from './errors.ts';
import {printGoValue} from './go-value.ts';
import {isCidr} from './scalars.ts';
import type {StoredKind} from './types.ts';

type Rule = {readonly broken: (spec: JsonObject) => boolean; readonly name: string; readonly reason: string};

const set = (value: Json | undefined): boolean => value !== undefined && value !== '' && value !== 0;
const both =
	(left: string, right: string) =>
	(spec: JsonObject): boolean =>
		set(spec[left]) && set(spec[right]);

/** validateBGPPeerSpec of libcalico-go/lib/validator/v3 at v3.32. */
const peerRules: readonly Rule[] = [
	{
		name: 'Node',
		broken: both('node', 'nodeSelector'),
		reason: 'Node field must be empty when NodeSelector is specified',
	},
	{
		name: 'PeerIP',
		broken: both('peerIP', 'peerSelector'),
		reason: 'PeerIP field must be empty when PeerSelector is specified',
	},
	{
		name: 'ASNumber',
		broken: both('asNumber', 'peerSelector'),
		reason: 'ASNumber field must be empty when PeerSelector is specified',
	},
];

/** The CEL rules that v3.32's CRDs carry and its calicoctl checks after the Go rules, in the CRD's order. */
const celRules: Readonly<Partial<Record<StoredKind, readonly Omit<Rule, 'name'>[]>>> = {
	BGPPeer: [
		{broken: both('node', 'nodeSelector'), reason: 'node and nodeSelector cannot both be set'},
		{broken: both('peerIP', 'peerSelector'), reason: 'peerIP and peerSelector cannot both be set'},
		{broken: both('asNumber', 'peerSelector'), reason: 'asNumber must be empty when peerSelector is set'},
	],
	BGPConfiguration: [
		{
			broken: spec => spec.nodeToNodeMeshEnabled === false && spec.nodeMeshPassword !== undefined,
			reason: 'nodeMeshPassword cannot be set when nodeToNodeMeshEnabled is false',
		},
		{
			broken: spec => spec.nodeToNodeMeshEnabled === false && spec.nodeMeshMaxRestartTime !== undefined,
			reason: 'nodeMeshMaxRestartTime cannot be set when nodeToNodeMeshEnabled is false',
		},
	],
};

/** The rules that look at a whole struct of the spec. */
export function structErrors(kind: StoredKind, spec: JsonObject): readonly ErroredField[] {
	switch (kind) {
		case 'Node':
			// Go prints the pointer to an empty NodeBGPSpec: no AS number and four empty texts.
			return isObject(spec.bgp) && Object.keys(spec.bgp).length === 0
				? [{name: 'BGP', value: '&{<nil>    }', reason: 'Spec.BGP should not be empty'}]
				: [];
		case 'BGPPeer':
			return peerErrors(spec);
		case 'BGPConfiguration':
			return [...communityErrors(spec), ...meshErrors(spec)];
		default:
			return [];
	}
}

/** The CEL rules that a spec breaks. */
export function celErrors(kind: StoredKind, spec: JsonObject): readonly ErroredField[] {
	return (celRules[kind] ?? []).flatMap(({broken, reason}) => (broken(spec) ? [{name: 'spec', reason}] : []));
}

function peerErrors(spec: JsonObject): readonly ErroredField[] {
	// Words that 3.32.1 uses for these are in no transcript, and no Calico node of the practice cluster has such peers.
	if (set(spec.localWorkloadSelector)) throw new NotModelledError('a BGPPeer with localWorkloadSelector');
	if (set(spec.filters)) throw new NotModelledError('a BGPPeer with filters: it holds no BGPFilter');
	const errors = peerRules.flatMap(({name, broken, reason}) => {
		const field = name === 'ASNumber' ? 'asNumber' : name === 'PeerIP' ? 'peerIP' : 'node';
		return broken(spec) ? [{name, value: String(spec[field]), reason}] : [];
	});
	return [...errors, ...reachableByErrors(spec)];
}

function reachableByErrors({reachableBy, peerIP}: JsonObject): readonly ErroredField[] {
	if (typeof reachableBy !== 'string' || typeof peerIP !== 'string') return [];
	if (!isIPv4(reachableBy) && !isIPv6(reachableBy)) {
		return [{name: 'ReachableBy', value: reachableBy, reason: 'ReachableBy is invalid address'}];
	}
	const peer = peerIP.replace(/^\[(.*)\]:\d+$/, '$1');
	if (isIPv6(reachableBy) === isIPv6(peer)) return [];
	return [{name: 'ReachableBy', value: reachableBy, reason: 'ReachableBy and PeerIP address family mismatched'}];
}

function meshErrors(spec: JsonObject): readonly ErroredField[] {
	if (spec.nodeToNodeMeshEnabled !== false) return [];
	const value = (): string => printGoValue('BGPConfiguration', spec);
	const errors: ErroredField[] = [];
	if (spec.nodeMeshPassword !== undefined) {
		const reason = 'spec.NodeMeshPassword cannot be set if spec.NodeToNodeMesh is disabled';
		errors.push({name: 'Spec.NodeMeshPassword', value: value(), reason});
	}
	if (spec.nodeMeshMaxRestartTime !== undefined) {
		const reason = 'spec.NodeMeshMaxRestartTime cannot be set if spec.NodeToNodeMesh is disabled';
		errors.push({name: 'Spec.NodeMeshMaxRestartTime', value: value(), reason});
	}
	return errors;
}

function communityErrors(spec: JsonObject): readonly ErroredField[] {
	const communities = objects(spec.communities);
	const advertisements = objects(spec.prefixAdvertisements);
	const errors: ErroredField[] = communities.flatMap(({value}) => {
		const reason = communityFault(value);
		return reason === undefined ? [] : [{name: 'Spec.Communities[].Value', value: String(value ?? ''), reason}];
	});
	if (communities.length > 0 && advertisements.length === 0) {
		const value = `[${communities.map(community => `{${community.name ?? ''} ${community.value ?? ''}}`).join(' ')}]`;
		const reason = 'communities are defined but not used in Spec.PrefixAdvertisement[].';
		errors.push({name: 'Spec.Communities[]', value, reason});
	}
	for (const {cidr, communities: used} of advertisements) {
		const text = String(cidr ?? '');
		if (!isCidr(text, 4) && !isCidr(text, 6)) {
			errors.push({name: 'Spec.PrefixAdvertisement[].CIDR', value: text, reason: 'invalid CIDR value.'});
		}
		for (const community of Array.isArray(used) ? used : []) {
			const fault = communityFault(community);
			if (fault === undefined || communities.some(({name}) => name === community)) continue;
			const reason = fault === unknownFormat ? 'community used is invalid or not defined.' : fault;
			errors.push({name: 'Spec.PrefixAdvertisement[].Communities[]', value: String(community), reason});
		}
	}
	return errors;
}

function objects(value: Json | undefined): readonly JsonObject[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}

const unknownFormat = 'invalid community value or format used.';

/** What is wrong with a community: `aa:nn` has parts of 16 bits, `aa:nn:mm` of 32. */
function communityFault(value: Json | undefined): string | undefined {
	if (typeof value !== 'string' || !/^\d+:\d+(:\d+)?$/.test(value)) return unknownFormat;
	const parts = value.split(':');
	const bits = parts.length === 3 ? 32 : 16;
	return parts.every(part => Number(part) < 2 ** bits)
		? undefined
		: `invalid community value, expected ${bits} bit value`;
}

/** The fields that only the BGPConfiguration `default` may hold (libcalico-go/lib/clientv3/bgpconfig.go). */
const defaultOnly: ReadonlyArray<readonly [field: string, goName: string, said: string]> = [
	['nodeToNodeMeshEnabled', 'NodeToNodeMeshEnabled', 'nodeToNodeMeshEnabled'],
	['asNumber', 'ASNumber', 'ASNumber'],
	['serviceLoadBalancerIPs', 'ServiceLoadBalancerIPs', 'ServiceLoadBalancerIPs'],
	['serviceExternalIPs', 'ServiceExternalIPs', 'ServiceExternalIPs'],
	['serviceClusterIPs', 'ServiceClusterIPs', 'ServiceClusterIPs'],
];

/** What a BGPConfiguration of another name than `default` may not set. */
export function defaultOnlyErrors(kind: StoredKind, name: string, spec: JsonObject): readonly ErroredField[] {
	if (kind !== 'BGPConfiguration' || name === 'default') return [];
	return defaultOnly.flatMap(([field, goName, said]) =>
		spec[field] === undefined
			? []
			: [
					{
						name: `BGPConfiguration.Spec.${goName}`,
						reason: `Cannot set ${said} on a non default BGP Configuration.`,
					},
				],
	);
}
