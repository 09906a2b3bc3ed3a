import {isObject, type JsonObject} from '../../core/json.ts';
import {apiVersion, type NodeResource} from '../../core/resources.ts';
import {type FieldChange, withChanges} from '../../core/write.ts';
import {AnswerError, checkResource} from '../calicoctl/answers.ts';
import {annotatedFields, calicoAnnotations, calicoLabels, kubeLabels} from './node-annotations.ts';

type Texts = Readonly<Record<string, string>>;

/**
 * A Kubernetes Node as Calico sees it: what `calicoctl get node -o json` prints for it (K8sNodeToCalico in
 * libcalico-go's node.go). Kubernetes labels win over Calico's own. One annotation is kept that calicoctl does not
 * show: the one that holds Calico's own labels, for without it nobody can take such a label away. Throws AnswerError.
 */
export function toCalicoNode(node: JsonObject, which: string): NodeResource {
	const metadata = isObject(node.metadata) ? node.metadata : {};
	const {name, uid, resourceVersion, creationTimestamp} = metadata;
	const annotations = texts(metadata.annotations, `metadata.annotations of ${which}`);
	const labels = texts(metadata.labels, `metadata.labels of ${which}`);
	const changes = annotatedFields.flatMap(({annotation, path, read}): FieldChange[] => {
		const value = read(annotations[annotation] ?? '');
		return value === undefined ? [] : [{path, before: undefined, after: value}];
	});
	const merged = {...storedMap(annotations[calicoLabels]), ...labels};
	const view = withChanges(
		{
			apiVersion,
			kind: 'Node',
			metadata: {
				name,
				uid,
				resourceVersion,
				creationTimestamp,
				...(Object.keys(merged).length > 0 && {labels: merged}),
				annotations: {
					...storedMap(annotations[calicoAnnotations]),
					[kubeLabels]: stash(metadata.labels, labels),
					...(annotations[calicoLabels] !== undefined && {[calicoLabels]: annotations[calicoLabels]}),
				},
			},
			spec: {orchRefs: [{nodeName: name, orchestrator: 'k8s'}]},
			status: podCidrs(node.spec),
		},
		changes,
	);
	const addresses = [...calicoAddresses(view.spec), ...kubernetesAddresses(node.status)];
	const spec = addresses.length > 0 ? {...view.spec, addresses} : view.spec;
	return checkResource({...view, spec}, 'Node', () => which);
}

/** Go writes a map's keys in order, and `null` for no map at all. */
function stash(given: unknown, labels: Texts): string {
	if (given === undefined || given === null) return 'null';
	return JSON.stringify(Object.fromEntries(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1))));
}

function texts(map: unknown, which: string): Texts {
	if (map === undefined || map === null) return {};
	if (isObject(map) && isTexts(map)) return map;
	throw new AnswerError(`${which} is not a map of texts.`);
}

/** A map of texts that an annotation holds as JSON; Calico ignores one that cannot be read, with a warning in its log. */
export function storedMap(text: string | undefined): Texts {
	if (text === undefined) return {};
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) && isTexts(value) ? value : {};
	} catch {
		return {};
	}
}

function isTexts(map: JsonObject): map is Texts {
	return Object.values(map).every(value => typeof value === 'string');
}

function podCidrs(spec: unknown): JsonObject {
	const cidrs = isObject(spec) ? spec.podCIDRs : undefined;
	return Array.isArray(cidrs) && cidrs.length > 0 ? {podCIDRs: cidrs} : {};
}

function calicoAddresses(spec: JsonObject): readonly JsonObject[] {
	const bgp = isObject(spec.bgp) ? spec.bgp : {};
	return [bgp.ipv4Address, bgp.ipv6Address].flatMap(address => (address ? [{address, type: 'CalicoNodeIP'}] : []));
}

function kubernetesAddresses(status: unknown): readonly JsonObject[] {
	const addresses = isObject(status) && Array.isArray(status.addresses) ? status.addresses : [];
	return addresses.flatMap(entry =>
		isObject(entry) && (entry.type === 'InternalIP' || entry.type === 'ExternalIP')
			? [{address: entry.address, type: entry.type}]
			: [],
	);
}
