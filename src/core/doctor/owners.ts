import {isObject} from '../json.ts';
import type {Metadata, WrittenKind} from '../resources.ts';
import type {Snapshot} from '../snapshot.ts';

/** A resource that another program says it keeps as it is. */
export type Owner = {readonly kind: WrittenKind; readonly name: string; readonly owner: string};

/** Marks that GitOps tools leave on what they keep. */
const marks: ReadonlyArray<readonly [in_: 'labels' | 'annotations', key: string, value: RegExp, owner: string]> = [
	['annotations', 'argocd.argoproj.io/tracking-id', /./, 'Argo CD'],
	['labels', 'argocd.argoproj.io/instance', /./, 'Argo CD'],
	['labels', 'kustomize.toolkit.fluxcd.io/name', /./, 'Flux'],
	['labels', 'helm.toolkit.fluxcd.io/name', /./, 'Flux'],
	['annotations', 'configmanagement.gke.io/managed', /^enabled$/, 'Config Sync'],
	['annotations', 'meta.helm.sh/release-name', /./, 'Helm'],
	['labels', 'app.kubernetes.io/managed-by', /^Helm$/, 'Helm'],
];
/** Field managers by which the same tools write. */
const managers: ReadonlyArray<readonly [pattern: RegExp, owner: string]> = [
	[/^argocd/, 'Argo CD'],
	[/^(kustomize-controller|helm-controller)$/, 'Flux'],
	[/^helm$/, 'Helm'],
	[/^(terraform|Terraform)/, 'Terraform'],
];

/** The BGPPeers and BGPConfigurations in a snapshot that carry the mark of a GitOps tool, and whose it is. */
export function findOwners({bgpPeers, bgpConfigurations}: Snapshot): readonly Owner[] {
	return [...bgpConfigurations, ...bgpPeers].flatMap(({kind, metadata}) => {
		const owner = ownerOf(metadata);
		return owner === undefined ? [] : [{kind, name: metadata.name, owner}];
	});
}

function ownerOf(metadata: Metadata): string | undefined {
	for (const [where, key, value, owner] of marks) {
		const found = metadata[where]?.[key];
		if (found !== undefined && value.test(found)) return owner;
	}
	const fields = Array.isArray(metadata.managedFields) ? metadata.managedFields : [];
	for (const field of fields) {
		const manager = isObject(field) ? String(field.manager) : '';
		const owner = managers.find(([pattern]) => pattern.test(manager))?.[1];
		if (owner !== undefined) return owner;
	}
	const [reference] = Array.isArray(metadata.ownerReferences) ? metadata.ownerReferences : [];
	return isObject(reference) ? `${reference.kind} ${reference.name}` : undefined;
}
