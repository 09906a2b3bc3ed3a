import type {Metadata} from '../../core/resources.ts';
import {metadataErrors as calicoMetadataErrors, isSubdomain} from '../datastore/metadata-rules.ts';
import type {Cause} from './status-error.ts';

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';
const subdomainRule = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`;

/** Calico checks labels and annotations with Kubernetes' own functions; only the field's name is another. */
const fields: Readonly<Record<string, string>> = {
	'Metadata.Annotations (key)': 'metadata.annotations',
	'Metadata.Labels (label)': 'metadata.labels',
	'Metadata.Labels (value)': 'metadata.labels',
};

/** What the API server finds wrong with an object's name, labels and annotations (ValidateObjectMeta). */
export function objectMetaErrors(metadata: Metadata): readonly Cause[] {
	const {name} = metadata;
	const names = isSubdomain(name)
		? []
		: [{field: 'metadata.name', message: `Invalid value: "${name}": ${subdomainRule}`}];
	const others = calicoMetadataErrors(metadata).flatMap(({name: field, value = '', reason}) => {
		const known = fields[field];
		return known === undefined ? [] : [{field: known, message: `Invalid value: "${value}": ${reason}`}];
	});
	return [...names, ...others];
}
