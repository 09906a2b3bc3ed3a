import {isIPv4, isIPv6} from 'node:net';
import type {AsNumber} from '../../core/resources.ts';

/** Calico's own labels of a node, as a JSON map; a Kubernetes label of the same key hides one. */
export const calicoLabels = 'projectcalico.org/labels';
/** Calico's own annotations of a node, as a JSON map. */
export const calicoAnnotations = 'projectcalico.org/annotations';
/** Only in Calico's view of a Node: its Kubernetes labels as they were read, as a JSON map. */
export const kubeLabels = 'projectcalico.org/kube-labels';

/** A field of Calico's Node that lies in an annotation of the Kubernetes Node. */
export type AnnotatedField = {
	readonly annotation: string;
	readonly path: readonly string[];
	/** The field's value, or undefined where Calico would ignore the text. */
	readonly read: (text: string) => AsNumber | undefined;
};

const textIf =
	(accepts: (text: string) => boolean) =>
	(text: string): string | undefined =>
		text !== '' && accepts(text) ? text : undefined;

/**
 * The annotations and what Calico reads from them (libcalico-go/lib/backend/k8s/resources/node.go; calico.md §2.2).
 * A text that its validator refuses counts as absent there, with no word to the user.
 */
export const annotatedFields: readonly AnnotatedField[] = [
	{annotation: 'projectcalico.org/ASNumber', path: ['spec', 'bgp', 'asNumber'], read: readAsNumber},
	{annotation: 'projectcalico.org/IPv4Address', path: ['spec', 'bgp', 'ipv4Address'], read: textIf(isCidr(4))},
	{annotation: 'projectcalico.org/IPv6Address', path: ['spec', 'bgp', 'ipv6Address'], read: textIf(isCidr(6))},
	{
		annotation: 'projectcalico.org/IPv4IPIPTunnelAddr',
		path: ['spec', 'bgp', 'ipv4IPIPTunnelAddr'],
		read: textIf(isIpv4Network),
	},
	{
		annotation: 'projectcalico.org/RouteReflectorClusterID',
		path: ['spec', 'bgp', 'routeReflectorClusterID'],
		read: textIf(isIpv4Network),
	},
	{
		annotation: 'projectcalico.org/IPv4VXLANTunnelAddr',
		path: ['spec', 'ipv4VXLANTunnelAddr'],
		read: textIf(isIpv4Network),
	},
	{annotation: 'projectcalico.org/VXLANTunnelMACAddr', path: ['spec', 'vxlanTunnelMACAddr'], read: textIf(isMac)},
	{annotation: 'projectcalico.org/IPv6VXLANTunnelAddr', path: ['spec', 'ipv6VXLANTunnelAddr'], read: textIf(isIPv6)},
	{annotation: 'projectcalico.org/VXLANTunnelMACAddrV6', path: ['spec', 'vxlanTunnelMACAddrV6'], read: textIf(isMac)},
	{
		annotation: 'projectcalico.org/IPv4WireguardInterfaceAddr',
		path: ['spec', 'wireguard', 'interfaceIPv4Address'],
		read: textIf(isIpv4Network),
	},
	{
		annotation: 'projectcalico.org/IPv6WireguardInterfaceAddr',
		path: ['spec', 'wireguard', 'interfaceIPv6Address'],
		read: textIf(isIPv6),
	},
	{
		annotation: 'projectcalico.org/WireguardPublicKey',
		path: ['status', 'wireguardPublicKey'],
		read: textIf(() => true),
	},
	{
		annotation: 'projectcalico.org/WireguardPublicKeyV6',
		path: ['status', 'wireguardPublicKeyV6'],
		read: textIf(() => true),
	},
];

/** numorstring.ASNumberFromString: a decimal of 32 bits, or RFC 5396's asdot, which becomes one number. */
function readAsNumber(text: string): number | undefined {
	const match = /^(?:(\d{1,5})\.)?(\d{1,10})$/.exec(text);
	if (match === null) return undefined;
	const [high, low] = [Number(match[1] ?? 0), Number(match[2])];
	const fits = match[1] === undefined ? low < 2 ** 32 : high < 2 ** 16 && low < 2 ** 16;
	return fits ? high * 2 ** 16 + low : undefined;
}

function isCidr(family: 4 | 6): (text: string) => boolean {
	return text => {
		const [address = '', length, more] = text.split('/');
		const inRange = length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
		return more === undefined && inRange && (family === 4 ? isIPv4(address) : isIPv6(address));
	};
}

function isIpv4Network(text: string): boolean {
	return isCidr(4)(text);
}

function isMac(text: string): boolean {
	return /^[\dA-Fa-f]{2}([:-][\dA-Fa-f]{2}){5}$/.test(text);
}
