import {isObject, type Json, type JsonObject} from '../../core/json.ts';
import {apiVersion, type Metadata} from '../../core/resources.ts';
import {isCidr, isNetwork, parseAsNumber} from '../datastore/scalars.ts';
import type {StoredResource} from '../datastore/types.ts';
import type {KubernetesObject} from './types.ts';

type Texts = Readonly<Record<string, string>>;

const kubeLabels = 'projectcalico.org/kube-labels';
const calicoLabels = 'projectcalico.org/labels';
const calicoAnnotations = 'projectcalico.org/annotations';

/** One field of a Calico Node that lies in an annotation of the Kubernetes Node, and what makes Calico ignore it. */
type Annotated = {readonly key: string; readonly field: string; readonly valid?: (text: string) => boolean};

const isIpv4Network = (text: string): boolean => isCidr(text, 4) && isNetwork(text);
const isMac = (text: string): boolean => /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(text);

/** libcalico-go/lib/backend/k8s/resources/node.go; calico.md §2.2 */
const bgpFields: readonly Annotated[] = [
	{key: 'projectcalico.org/IPv4Address', field: 'ipv4Address', valid: text => isCidr(text, 4)},
	{key: 'projectcalico.org/IPv6Address', field: 'ipv6Address', valid: text => isCidr(text, 6)},
	{key: 'projectcalico.org/IPv4IPIPTunnelAddr', field: 'ipv4IPIPTunnelAddr', valid: isIpv4Network},
	{key: 'projectcalico.org/ASNumber', field: 'asNumber', valid: text => parseAsNumber(text) !== undefined},
	{key: 'projectcalico.org/RouteReflectorClusterID', field: 'routeReflectorClusterID', valid: isIpv4Network},
];
const wireguardFields: readonly Annotated[] = [
	{key: 'projectcalico.org/IPv4WireguardInterfaceAddr', field: 'interfaceIPv4Address', valid: isIpv4Network},
	{key: 'projectcalico.org/IPv6WireguardInterfaceAddr', field: 'interfaceIPv6Address', valid: isIpv4Network},
];
const specFields: readonly Annotated[] = [
	{key: 'projectcalico.org/IPv4VXLANTunnelAddr', field: 'ipv4VXLANTunnelAddr', valid: isIpv4Network},
	{key: 'projectcalico.org/VXLANTunnelMACAddr', field: 'vxlanTunnelMACAddr', valid: isMac},
	{key: 'projectcalico.org/IPv6VXLANTunnelAddr', field: 'ipv6VXLANTunnelAddr', valid: isIpv4Network},
	{key: 'projectcalico.org/VXLANTunnelMACAddrV6', field: 'vxlanTunnelMACAddrV6', valid: isMac},
];
const statusFields: readonly Annotated[] = [
	{key: 'projectcalico.org/WireguardPublicKey', field: 'wireguardPublicKey'},
	{key: 'projectcalico.org/WireguardPublicKeyV6', field: 'wireguardPublicKeyV6'},
];

const views = new WeakMap<KubernetesObject, StoredResource>();

/** The Calico Node that Calico makes of a Kubernetes Node (K8sNodeToCalico). */
export function toCalicoNode(node: KubernetesObject): StoredResource {
	const known = views.get(node);
	if (known) return known;
	const view = calicoNodeOf(node);
	views.set(node, view);
	return view;
}

function calicoNodeOf(node: KubernetesObject): StoredResource {
	const {name, uid, resourceVersion, creationTimestamp, labels = {}, annotations = {}} = node.metadata;
	const bgp = read(bgpFields, annotations);
	const wireguard = read(wireguardFields, annotations);
	const {podCIDRs} = node.spec ?? {};
	const metadata: Metadata = {
		name,
		...(uid !== undefined && {uid}),
		...(resourceVersion !== undefined && {resourceVersion}),
		...(creationTimestamp !== undefined && {creationTimestamp}),
		// Kubernetes' labels win over Calico's own of the same key.
		labels: {...textsIn(annotations[calicoLabels]), ...labels},
		annotations: {...textsIn(annotations[calicoAnnotations]), [kubeLabels]: printTexts(labels)},
	};
	return {
		kind: 'Node',
		apiVersion,
		metadata,
		spec: {
			...(bgp && {bgp}),
			...read(specFields, annotations),
			orchRefs: [{nodeName: name, orchestrator: 'k8s'}],
			...(wireguard && {wireguard}),
			addresses: addressesOf(bgp, node),
		},
		status: {
			...read(statusFields, annotations),
			...(Array.isArray(podCIDRs) && podCIDRs.length > 0 && {podCIDRs}),
		},
	};
}

function read(fields: readonly Annotated[], annotations: Texts): JsonObject | undefined {
	const entries = fields.flatMap(({key, field, valid}): (readonly [string, Json])[] => {
		const text = annotations[key];
		if (text === undefined || text === '' || valid?.(text) === false) return [];
		return [[field, field === 'asNumber' ? (parseAsNumber(text) ?? text) : text]];
	});
	return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function addressesOf(bgp: JsonObject | undefined, node: KubernetesObject): readonly JsonObject[] {
	const own = [bgp?.ipv4Address, bgp?.ipv6Address].flatMap(address =>
		address === undefined ? [] : [{address, type: 'CalicoNodeIP'}],
	);
	const status = isObject(node.status) ? node.status : {};
	const kubelet = Array.isArray(status.addresses) ? status.addresses.filter(isObject) : [];
	const ips = kubelet.filter(({type}) => type === 'InternalIP' || type === 'ExternalIP');
	return [...own, ...ips.map(({address, type}) => ({address, type}))];
}

/** The Kubernetes Node with a Calico Node written into its annotations (mergeCalicoNodeIntoK8sNode). */
export function withCalicoNode(node: KubernetesObject, calico: StoredResource): KubernetesObject {
	const {labels, annotations} = withoutInherited(calico.metadata);
	const {bgp, wireguard} = calico.spec;
	const written = {
		...node.metadata.annotations,
		...texts(calicoLabels, labels),
		...texts(calicoAnnotations, annotations),
		...write(bgpFields, bgp),
		...write(specFields, calico.spec),
		...write(wireguardFields, wireguard),
		...write(statusFields, calico.status),
	};
	const kept = Object.entries(written).filter((entry): entry is [string, string] => entry[1] !== undefined);
	return {...node, metadata: {...node.metadata, annotations: Object.fromEntries(kept)}};
}

/** A Calico Node's own labels and annotations, without those that it shows of the Kubernetes Node (restoreCalicoLabels). */
function withoutInherited({labels = {}, annotations = {}}: Metadata): {
	readonly labels: Texts;
	readonly annotations: Texts;
} {
	const {[kubeLabels]: inherited, ...others} = annotations;
	if (!inherited) return {labels, annotations};
	const known = textsIn(inherited);
	const own = Object.entries(labels).filter(([key]) => !Object.hasOwn(known, key));
	return {labels: Object.fromEntries(own), annotations: others};
}

function write(fields: readonly Annotated[], value: Json | undefined): Readonly<Record<string, string | undefined>> {
	const object = isObject(value) ? value : {};
	return Object.fromEntries(
		fields.map(({key, field}) => {
			const text = object[field];
			return [key, text === undefined || text === null || text === '' ? undefined : String(text)];
		}),
	);
}

function texts(key: string, map: Texts): Readonly<Record<string, string | undefined>> {
	return {[key]: Object.keys(map).length === 0 ? undefined : printTexts(map)};
}

/** A map as Go's encoder prints it: sorted by key. */
function printTexts(map: Texts): string {
	const keys = Object.keys(map).sort();
	return JSON.stringify(Object.fromEntries(keys.map(key => [key, map[key]])));
}

function textsIn(json: string | undefined): Texts {
	if (json === undefined) return {};
	try {
		const value: unknown = JSON.parse(json);
		const entries = isObject(value) ? Object.entries(value) : [];
		return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
	} catch {
		// Calico logs that it cannot read the annotation, and goes on without it.
		return {};
	}
}
